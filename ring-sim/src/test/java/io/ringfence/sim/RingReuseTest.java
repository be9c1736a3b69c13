package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.sim.virtual.VirtualWorld;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ring that changes hands while the firmware is in the middle of a round, step by step in a virtual world. */
class RingReuseTest {
    private VirtualWorld world;

    @BeforeEach
    void install() {
        world = VirtualWorld.install();
    }

    @AfterEach
    void uninstall() {
        world.uninstall();
    }

    private record Link(String queueName, Runnable action) implements DriverLink {
        @Override
        public void interrupt() {
            action.run();
        }

        @Override
        public void completedThrough(long seqno) {
            throw new AssertionError("this device is polled");
        }

        @Override
        public void completed(long seqno) {
            throw new AssertionError("this device is polled");
        }

        @Override
        public void failed(long seqno, Throwable cause) {
            throw new AssertionError("this device is polled");
        }

        @Override
        public void fault(long seqno, String what) {
            throw new AssertionError("this device has no faults");
        }
    }

    /** Between reading the open bits and coming to ring 1 the firmware raises ring 0's interrupt: then ring 1 moves on. */
    @Test
    void interruptsOfAReopenedRingGoToItsNewQueue() {
        SimulatedFirmware device = SimulatedFirmware.start(FirmwareOptions.defaults().withRings(2));
        List<String> raised = new ArrayList<>();
        Driver<Command> neighbour = device.openRing();
        Driver<Command> before = device.openRing();
        AtomicReference<Driver<Command>> after = new AtomicReference<>();
        neighbour.open(new Link("neighbour", () -> {
            before.close();
            after.set(device.openRing());
        }));
        before.open(new Link("before", () -> raised.add("before")));
        world.runOnce(Long.MAX_VALUE);
        neighbour.arm(1);
        run(neighbour, 1);
        world.runOnce(Long.MAX_VALUE);
        assertThat(after.get()).as("ring 1 was reopened in the round").isNotNull();

        after.get().open(new Link("after", () -> raised.add("after")));
        after.get().arm(1);
        run(after.get(), 1);
        world.runOnce(Long.MAX_VALUE);

        assertThat(raised).containsExactly("after");
    }

    private static void run(Driver<Command> driver, long seqno) {
        try {
            driver.run(seqno, Command.nop());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
