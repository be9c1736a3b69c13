package io.ringfence.sim;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.queue.LongRunningQueue;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.Rebind;

import org.junit.jupiter.api.AfterEach;

/** Commands that go on until they are told to stop, and queues for them, which the end of the test kills. */
abstract class LongRunningTestBase extends DeviceTestBase {
    static final long ROUND = 10_000;
    static final long PROGRESS = 0;
    static final long STOP = 8;

    /** Held, for a queue that nobody holds is closed. */
    private final List<LongRunningQueue<Command>> queues = new ArrayList<>();

    /** An endless command ends by nothing else. */
    @AfterEach
    void killAll() throws InterruptedException {
        for (LongRunningQueue<Command> queue : queues) {
            assertOk(queue.kill());
        }
    }

    static Command endless() {
        return Command.loop(Long.MAX_VALUE, ROUND, PROGRESS, STOP);
    }

    static long progress(SimulatedFirmware device) {
        return device.memory().readStamp(PROGRESS);
    }

    static void awaitProgress(SimulatedFirmware device, long beyond) {
        while (progress(device) <= beyond) {
            Thread.onSpinWait();
        }
    }

    static void awaitStamp(SimulatedFirmware device, long address, long value) {
        while (device.memory().readStamp(address) != value) {
            Thread.onSpinWait();
        }
    }

    final LongRunningQueue<Command> openLong(LongRunningRing ring, String name) {
        return openLong(ring, name, () -> {
        });
    }

    final LongRunningQueue<Command> openLong(LongRunningRing ring, String name, Rebind rebind) {
        LongRunningQueue<Command> queue = runtime().openLongRunningQueue(ring,
                QueueOptions.named(name).withCapacity(64).withCredits(Math.min(16, ring.maxInFlight())),
                PayloadTraits.plain(), rebind);
        queues.add(queue);
        return queue;
    }
}
