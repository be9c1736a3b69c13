package io.ringfence.sim.explore;

import java.util.SplittableRandom;

/** Switches with a probability that is drawn for the schedule, to anybody. Time passes, and parked tasks wake, now and then. */
final class RandomWalk implements Strategy {

    /** One switch in so many steps, on average. */
    private static final int[] RARITY = {2, 3, 6, 16, 50};
    private static final int CLOCK_RARITY = 64;
    private static final int SPURIOUS_RARITY = 256;

    private final SplittableRandom random;
    private final int rarity;

    RandomWalk(long seed) {
        random = new SplittableRandom(seed);
        rarity = RARITY[random.nextInt(RARITY.length)];
    }

    @Override
    public int next(Step step) {
        if (!step.isForced() && random.nextInt(rarity) != 0) {
            return step.likely();
        }
        if (step.hasClock() && random.nextInt(CLOCK_RARITY) == 0) {
            return CLOCK;
        }
        if (step.parked() >= 0 && random.nextInt(SPURIOUS_RARITY) == 0) {
            return step.parked();
        }
        return step.id(random.nextInt(step.count()));
    }

    @Override
    public int choose(Step step, int count) {
        return random.nextInt(count);
    }
}
