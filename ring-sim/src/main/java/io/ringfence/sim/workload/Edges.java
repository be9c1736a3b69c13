package io.ringfence.sim.workload;

import java.util.Arrays;

/** Dependencies between jobs: for each job the jobs it depends on, in one shared array. */
public final class Edges {

    private final int[] firstOf;
    private final int[] sources;

    /**
     * Creates the table.
     *
     * @param jobs the number of jobs
     * @param edges pairs, the depending job in the upper and its dependency in the lower half; repeated pairs count
     *     once; the array is sorted in place
     */
    public Edges(int jobs, long[] edges) {
        Arrays.sort(edges);
        int[] distinct = new int[edges.length];
        firstOf = new int[jobs + 1];
        int count = 0;
        for (int i = 0; i < edges.length; i++) {
            if (i == 0 || edges[i] != edges[i - 1]) {
                distinct[count] = (int) edges[i];
                count++;
                firstOf[(int) (edges[i] >>> Integer.SIZE) + 1]++;
            }
        }
        for (int job = 0; job < jobs; job++) {
            firstOf[job + 1] += firstOf[job];
        }
        sources = Arrays.copyOf(distinct, count);
    }

    /**
     * An edge as one number.
     *
     * @param job the depending job
     * @param source what it depends on
     * @return the pair
     */
    public static long pair(int job, int source) {
        return (long) job << Integer.SIZE | source;
    }

    /**
     * How many edges there are.
     *
     * @return 0 or more
     */
    public int count() {
        return sources.length;
    }

    /**
     * Returns the jobs that a job depends on.
     *
     * @param job the job
     * @return job numbers, ascending; a new array
     */
    public int[] sourcesOf(int job) {
        return Arrays.copyOfRange(sources, firstOf[job], firstOf[job + 1]);
    }
}
