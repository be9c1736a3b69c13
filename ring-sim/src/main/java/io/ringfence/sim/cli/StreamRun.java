package io.ringfence.sim.cli;

import io.ringfence.sim.kineto.KinetoTrace;
import io.ringfence.sim.replay.KinetoReplay;
import io.ringfence.sim.replay.ReplayResult;
import io.ringfence.sim.run.DeviceSession;
import io.ringfence.sim.virtual.VirtualWorld;

import org.jspecify.annotations.Nullable;

/** Replays a Kineto trace on firmware. */
final class StreamRun {

    private StreamRun() {
    }

    static ReplayResult replay(KinetoTrace trace, boolean honorSubmitTimes, @Nullable VirtualWorld world, double factor)
            throws InterruptedException {
        DeviceSession session = new DeviceSession(KinetoReplay.device(trace));
        Thread worker = Thread.currentThread();
        // On the virtual clock there is one thread and nothing to close in order: the process may simply end.
        Runnable stop = world != null ? () -> {} : () -> {
            // It may wait for a launch that is hours away, and it holds what the killed jobs wait for.
            worker.interrupt();
            session.stop();
        };
        try (Shutdown _ = Shutdown.hook(stop); session;
                Progress progress = new Progress("replay", trace.jobCount())) {
            return new KinetoReplay(trace, honorSubmitTimes, session, world, factor).work(progress::finished);
        } catch (IllegalStateException e) {
            if (session.isStopping()) {
                throw new InterruptedException("the replay was stopped");
            }
            throw e;
        }
    }
}
