package io.ringfence.sim.cli;

import java.util.Map;

import io.ringfence.scheduler.Policies;
import io.ringfence.sim.replay.FollowedReplay;
import io.ringfence.sim.replay.QueueReplay;
import io.ringfence.sim.replay.RingReplay;
import io.ringfence.sim.replay.RingSettings;
import io.ringfence.sim.virtual.VirtualWorld;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingKind;

import org.jspecify.annotations.Nullable;

/** Replays what was recorded of rings and queues on devices that only take time. */
final class RecordingRun {

    /** As many contexts as i915's execlists hold. */
    private static final int I915_SLOTS = 2;

    private final Recording recording;
    private final @Nullable VirtualWorld world;
    private final double factor;

    RecordingRun(Recording recording, @Nullable VirtualWorld world, double factor) {
        this.recording = recording;
        this.world = world;
        this.factor = factor;
    }

    /** Policy and credits are those that were asked for, or null. */
    ReplayReport replay(@Nullable String policy, @Nullable Integer credits) throws InterruptedException {
        Thread worker = Thread.currentThread();
        Runnable stop = world != null ? () -> {} : worker::interrupt;
        try (Shutdown _ = Shutdown.hook(stop); Progress progress = new Progress("replay", recording.jobCount())) {
            if (recording.kind() != RecordingKind.RINGS) {
                return ReplayFigures.report(new QueueReplay(recording, world, factor).work(progress::finished));
            }
            if (recording.places() != null && world != null) {
                String asked = policy == null ? "ready-fifo" : policy;
                int slots = credits == null ? I915_SLOTS : credits;
                return RingReport.of(new FollowedReplay(recording, slots).work(asked), asked);
            }
            String asked = policy == null ? "fifo" : policy;
            RingSettings settings = new RingSettings(Policies.named(asked), credits == null ? 0 : credits, Map.of(),
                    false);
            return RingReport.of(new RingReplay(recording, settings, world, factor).work(progress::finished), asked,
                    world != null);
        }
    }
}
