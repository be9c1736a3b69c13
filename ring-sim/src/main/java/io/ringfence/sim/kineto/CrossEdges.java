package io.ringfence.sim.kineto;

import java.util.Arrays;

/** The dependencies across queues: for each job the jobs it depends on, in one shared array. */
final class CrossEdges {

    private final int[] firstOf;
    private final int[] sources;

    /**
     * Creates the table.
     *
     * @param jobs the number of jobs
     * @param edges pairs, the depending job in the upper and its dependency in the lower half; repeated pairs count
     *     once; the array is sorted in place
     */
    CrossEdges(int jobs, long[] edges) {
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

    static long pair(int job, int source) {
        return (long) job << Integer.SIZE | source;
    }

    int count() {
        return sources.length;
    }

    /** Returns the jobs on other queues that a job depends on, ascending. */
    int[] sourcesOf(int job) {
        return Arrays.copyOfRange(sources, firstOf[job], firstOf[job + 1]);
    }
}
