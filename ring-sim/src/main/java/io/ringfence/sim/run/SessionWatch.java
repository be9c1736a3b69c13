package io.ringfence.sim.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.sim.SimulatedFirmware;
import io.ringfence.sim.device.Finding;

/** Looks at a device again and again, from a thread of its own, and notes what is wrong with it. Its queues see to the rest. */
final class SessionWatch implements AutoCloseable {

    private static final long PERIOD_MILLIS = 20;
    private static final int REMEMBERED = 1000;
    private static final long A_WHILE = TimeUnit.MILLISECONDS.toNanos(130);

    private final SimulatedFirmware firmware;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            body -> Thread.ofPlatform().daemon().name("ringfence-watch").unstarted(body));
    private final List<Finding> found = new ArrayList<>();

    SessionWatch(SimulatedFirmware firmware) {
        this.firmware = firmware;
        var _ = thread.scheduleWithFixedDelay(this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        List<Finding> now = firmware.diagnose();
        synchronized (found) {
            for (Finding finding : now) {
                if (found.size() < REMEMBERED) {
                    found.add(finding);
                }
            }
        }
    }

    List<Finding> findings() {
        synchronized (found) {
            return List.copyOf(found);
        }
    }

    /** Looks once more: what happened just before the end counts too. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                boolean _ = thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        while (firmware.isAnswerPending()) {
            // Answered or given up within the bound of the diagnosis.
            look();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS));
        }
        // What has been missing for a while is told by the last.
        look();
        LockSupport.parkNanos(A_WHILE);
        look();
        LockSupport.parkNanos(A_WHILE);
        look();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
