package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Priority;
import io.ringfence.sim.virtual.VirtualWorld;
import io.ringfence.sim.workload.Recording;

import org.jspecify.annotations.Nullable;

/**
 * What would have become of recorded jobs under other policies, credits and priorities. Jobs come when they came; each keeps the device
 * for as long as it did. What clients would have done otherwise, had they been served otherwise, nobody recorded.
 */
public final class WhatIf {

    private final Recording recording;
    private final int credits;
    private final Map<Integer, Priority> priorities;
    private final RingTimes times;
    private @Nullable RingResult last;

    /**
     * Prepares.
     *
     * @param recording  what was recorded of rings
     * @param credits    how many jobs may be on a ring at a time; 0 for as many as there were at most
     * @param priorities the priorities of contexts by their number; normal if they are not there
     */
    public WhatIf(Recording recording, int credits, Map<Integer, Priority> priorities) {
        this.recording = recording;
        this.credits = credits;
        this.priorities = Map.copyOf(priorities);
        times = new RingTimes(recording);
    }

    /**
     * The recording itself, measured in the same way. Jobs that it says waited less than nothing count as not waiting.
     *
     * @return what came of its jobs
     */
    public Outcome recorded() {
        return new OutcomeMeter(recording, times, recording::endNanos).outcome("recording", Map.of());
    }

    /**
     * Replays under a policy, on a virtual clock of its own; installs a world meanwhile.
     *
     * @param policy   its name
     * @param progress is told now and then how many jobs were submitted
     * @return what comes of the jobs
     * @throws InterruptedException  if the thread is interrupted
     * @throws IllegalStateException if the process was not started with the seam on
     */
    public Outcome under(String policy, LongConsumer progress) throws InterruptedException {
        VirtualWorld world = VirtualWorld.install();
        try {
            RingSettings settings = new RingSettings(Policies.named(policy), credits, priorities, true);
            RingResult result = new RingReplay(recording, settings, world, 1).work(progress);
            last = result;
            return new OutcomeMeter(recording, times, result.times()::endNanos).outcome(policy, priorities);
        } finally {
            world.uninstall();
        }
    }

    /**
     * Replays under several policies, each on a clock of its own.
     *
     * @param policies their names
     * @param progress is told now and then how many jobs were submitted, over all of them
     * @return the recording, then what comes of the jobs under each policy
     * @throws InterruptedException if the thread is interrupted
     */
    public List<Outcome> outcomes(List<String> policies, LongConsumer progress) throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(recorded());
        for (String policy : policies) {
            long before = (long) (outcomes.size() - 1) * recording.jobCount();
            outcomes.add(under(policy, jobs -> progress.accept(before + jobs)));
        }
        return outcomes;
    }

    /**
     * The last replay.
     *
     * @return when everything happened
     * @throws IllegalStateException if there was none
     */
    public RingResult last() {
        RingResult known = last;
        if (known == null) {
            throw new IllegalStateException("nothing was replayed");
        }
        return known;
    }
}
