package io.ringfence.sim.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.ringfence.internal.seam.Loop;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.scheduler.Policy;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;
import io.ringfence.sim.virtual.VirtualWorld;

/** Contenders on one device, on a virtual clock: the kernel's {@code drm_sched_scheduler} tests. */
public final class Contest {

    private static final long LONGEST = 100_000_000_000L;
    private static final int EXACT = 100;

    /**
     * What has become of one contender.
     *
     * @param elapsedMillis   until its last job was finished
     * @param latencyMillis   how much longer than its own work a cycle took, on average; of those who wait for each cycle
     * @param worstMillis     the same, of the worst cycle
     * @param jobsWhenFirst   how many of its jobs were finished when the first contender had ended
     * @param nanosWhenFirst  how long those had taken
     */
    public record Score(double elapsedMillis, double latencyMillis, double worstMillis, long jobsWhenFirst,
            long nanosWhenFirst) {
    }

    /**
     * What has become of all.
     *
     * @param scores        in the order of the contenders
     * @param worstSpread   the most cycles that one was ahead of another when a cycle was completed
     * @param averageSpread the same, on average
     */
    public record Result(List<Score> scores, int worstSpread, double averageSpread) {

        /**
         * A contender's part of the device's time until the first of all had ended.
         *
         * @param index which
         * @return 0 to 1
         */
        public double share(int index) {
            long all = scores.stream().mapToLong(Score::nanosWhenFirst).sum();
            return all == 0 ? 0 : (double) scores.get(index).nanosWhenFirst() / all;
        }
    }

    private final Supplier<? extends Policy> policy;
    private final int credits;
    private final List<Contender> contenders;
    private final long millis;
    private final int restPercent;

    /**
     * Prepares a contest.
     *
     * @param policy     who decides
     * @param credits    how many jobs may be on the device
     * @param contenders who takes part
     * @param millis     how long each would take alone, about
     */
    public Contest(Supplier<? extends Policy> policy, int credits, List<Contender> contenders, long millis) {
        this(policy, credits, contenders, millis, EXACT);
    }

    private Contest(Supplier<? extends Policy> policy, int credits, List<Contender> contenders, long millis,
            int restPercent) {
        this.policy = policy;
        this.credits = credits;
        this.contenders = List.copyOf(contenders);
        this.millis = millis;
        this.restPercent = restPercent;
    }

    /**
     * The same, but who rests does so for another time than it should, as a sleeping thread does.
     *
     * @param percent of the time that it should rest; 100 or more
     * @return a copy
     */
    public Contest withRests(int percent) {
        return new Contest(policy, credits, contenders, millis, percent);
    }

    /**
     * Does it. Puts a virtual world behind the seam meanwhile.
     *
     * @return what has become of all
     * @throws IllegalStateException if the process was not started with the seam on, or it does not come to an end
     */
    public Result run() {
        VirtualWorld world = VirtualWorld.install();
        RingfenceRuntime runtime = RingfenceRuntime.start();
        MockGpu gpu = new MockGpu();
        Scheduler<MockJob> scheduler = Scheduler.open(runtime, gpu, SchedulerOptions.named("contest")
                .withCredits(credits).withPolicy(policy).withTimeout(QueueOptions.NO_TIMEOUT));
        Race race = new Race(world, restPercent);
        try {
            for (int i = 0; i < contenders.size(); i++) {
                race.runners.add(new Runner(contenders.get(i), scheduler, i, millis, race));
            }
            Loop loop = new Loop("ringfence-contest", Loop.Role.NO_TURNS, race);
            loop.start();
            while (!race.isOver() && world.runOnce(LONGEST)) {
                Thread.onSpinWait();
            }
            if (!race.isOver()) {
                throw new IllegalStateException("the contest does not end: " + runtime.dump());
            }
            loop.stop();
            return race.result();
        } finally {
            scheduler.close();
            runtime.close();
            world.uninstall();
        }
    }

    /** Lets all contenders do what they can. */
    static final class Race implements Loop.Task {
        private final VirtualWorld world;
        private final int restPercent;
        private final List<Runner> runners = new ArrayList<>();
        private boolean hasEnded;
        private long spreads;
        private long spreadSum;
        private int worstSpread;

        Race(VirtualWorld world, int restPercent) {
            this.world = world;
            this.restPercent = restPercent;
        }

        /** When a rest is over that begins now. */
        long restsUntil(long now, long micros) {
            return now + micros * restPercent * (1_000 / EXACT);
        }

        /** A job was submitted, which takes a moment: no two jobs are equally old, and who submits first has submitted first. */
        void submitted() {
            world.standStill(1);
        }

        @Override
        public boolean work() {
            boolean any = false;
            for (Runner runner : runners) {
                // As far as it gets, as a thread would.
                while (runner.step()) {
                    any = true;
                }
            }
            return any;
        }

        @Override
        public long nanosToWait() {
            return runners.stream().mapToLong(Runner::nanosToWait).filter(nanos -> nanos > 0).min().orElse(0);
        }

        boolean isOver() {
            return runners.stream().allMatch(Runner::isOver);
        }

        /** A cycle of somebody is complete. */
        void cycled() {
            int most = runners.stream().mapToInt(Runner::completed).max().orElse(0);
            int least = runners.stream().mapToInt(Runner::completed).min().orElse(0);
            spreads++;
            spreadSum += most - least;
            worstSpread = Math.max(worstSpread, most - least);
        }

        void ended() {
            if (!hasEnded) {
                hasEnded = true;
                runners.forEach(Runner::firstHasEnded);
            }
        }

        Result result() {
            return new Result(runners.stream().map(Runner::score).toList(), worstSpread,
                    spreads == 0 ? 0 : (double) spreadSum / spreads);
        }
    }
}
