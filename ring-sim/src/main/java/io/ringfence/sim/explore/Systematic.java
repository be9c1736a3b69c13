package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * Goes through all schedules with at most so many preemptions, one after the other, by depth-first search: each schedule repeats
 * the former one up to its last choice that has an alternative left, and takes that. Choosing among tasks when who ran cannot go
 * on costs nothing; letting another go on costs one preemption, and so do going on with one that spins while others need not, and
 * anything a device does not likely do.
 */
final class Systematic {

    private static final class Choice {
        final int[] options;
        /** How many of them, from the first, cost nothing. */
        final int free;
        int taken;

        Choice(int[] options, int free) {
            this.options = options;
            this.free = free;
        }

        int cost() {
            return cost(taken);
        }

        int cost(int option) {
            return option < free ? 0 : 1;
        }
    }

    private final List<Choice> choices = new ArrayList<>();
    private final int bound;
    private boolean begun;
    private boolean over;

    /**
     * Makes a search.
     *
     * @param bound how many preemptions a schedule may have
     */
    Systematic(int bound) {
        this.bound = bound;
    }

    /**
     * Goes to the next schedule.
     *
     * @return false if all have been run
     */
    boolean advance() {
        if (!begun) {
            begun = true;
            return true;
        }
        int spent = 0;
        for (Choice choice : choices) {
            spent += choice.cost();
        }
        while (!choices.isEmpty()) {
            Choice last = choices.getLast();
            spent -= last.cost();
            if (last.taken + 1 < last.options.length && spent + last.cost(last.taken + 1) <= bound) {
                last.taken++;
                return true;
            }
            choices.removeLast();
        }
        over = true;
        return false;
    }

    /** Whether all have been run. */
    boolean isOver() {
        return over;
    }

    /** The strategy of the schedule that {@link #advance} went to. */
    Strategy schedule() {
        return new Walk();
    }

    private final class Walk implements Strategy {
        private int at;

        @Override
        public int next(Step step) {
            if (at == choices.size()) {
                int[] options = new int[step.count()];
                options[0] = step.likely();
                int filled = 1;
                for (int i = 0; i < step.count(); i++) {
                    if (step.id(i) != options[0]) {
                        options[filled++] = step.id(i);
                    }
                }
                int free = !step.isForced() ? 1 : step.ready() == 0 ? filled : step.ready();
                choices.add(new Choice(options, free));
            }
            Choice choice = choices.get(at++);
            int chosen = choice.options[choice.taken];
            return step.canGoOn(chosen) ? chosen : step.likely();
        }

        @Override
        public int choose(Step step, int count) {
            if (at == choices.size()) {
                int[] options = new int[count];
                for (int i = 0; i < count; i++) {
                    options[i] = i;
                }
                choices.add(new Choice(options, 1));
            }
            Choice choice = choices.get(at++);
            return Math.min(count - 1, choice.options[choice.taken]);
        }
    }
}
