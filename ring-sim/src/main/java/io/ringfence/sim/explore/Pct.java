package io.ringfence.sim.explore;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Probabilistic concurrency testing: tasks have random priorities, the highest that can go on does, and at a few random steps who
 * runs is set behind all others. A bug that needs {@code d} orderings of {@code n} steps is found with a probability of at least
 * 1 / (tasks * n^(d-1)) in each schedule (Burckhardt et al., ASPLOS 2010).
 */
final class Pct implements Strategy {

    private final SplittableRandom random;
    private final long[] changes;
    private long[] priorities = new long[16];
    private int known;
    private int next;
    private long steps;
    /** Below all that were given before. */
    private long lowest;

    /**
     * Makes one.
     *
     * @param seed    of the priorities and the steps at which they change
     * @param length  how many steps a schedule takes, about
     * @param changes how often who runs is set back
     */
    Pct(long seed, int length, int changes) {
        random = new SplittableRandom(seed);
        this.changes = new long[changes];
        for (int i = 0; i < changes; i++) {
            this.changes[i] = random.nextInt(Math.max(1, length));
        }
        Arrays.sort(this.changes);
    }

    private long priority(int id) {
        if (id >= priorities.length) {
            priorities = Arrays.copyOf(priorities, 2 * id);
        }
        while (known <= id) {
            priorities[known++] = random.nextInt(1, Integer.MAX_VALUE);
        }
        return priorities[id];
    }

    private void setBack(int id) {
        long _ = priority(id);
        priorities[id] = --lowest;
    }

    @Override
    public int next(Step step) {
        while (next < changes.length && changes[next] <= steps) {
            next++;
            setBack(step.task.id);
        }
        steps++;
        if (step.task.state == Task.State.SPINNING) {
            // Else it would spin for ever, if it is the one that counts most.
            setBack(step.task.id);
        }
        int best = step.id(0);
        int among = step.ready() == 0 ? step.count() : step.ready();
        for (int i = 1; i < among; i++) {
            if (priority(step.id(i)) > priority(best)) {
                best = step.id(i);
            }
        }
        return best;
    }

    @Override
    public int choose(Step step, int count) {
        return random.nextInt(count);
    }
}
