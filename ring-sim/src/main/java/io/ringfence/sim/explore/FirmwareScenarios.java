package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.FirmwareRing;
import io.ringfence.sim.LongRunningRing;
import io.ringfence.sim.RingOptions;
import io.ringfence.sim.SimulatedFirmware;

/** Queues on the simulated firmware itself, which is a task of the schedule. */
final class FirmwareScenarios {

    private FirmwareScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("firmware", "the simulated firmware goes to sleep while jobs are submitted", false,
                        FirmwareScenarios::one),
                new Scenario("firmware-one-slot", "two rings take turns on one slot, each has to ring its doorbell",
                        false,
                        FirmwareScenarios::oneSlot),
                new Scenario("firmware-waits", "rings wait for each other on the device, with one slot", false,
                        FirmwareScenarios::waits),
                new Scenario("firmware-requests", "a ring is suspended and resumed beside submissions", false,
                        FirmwareScenarios::requests),
                new Scenario("firmware-long-running", "a ring without fences is asked to leave by its preempt fence",
                        false, FirmwareScenarios::longRunning));
    }

    private static SimulatedFirmware device(int rings, int groupSlots) {
        return SimulatedFirmware.start(FirmwareOptions.defaults().withRings(rings).withSlots(4).withArenaBytes(64)
                .withGroupSlots(groupSlots).withTimeSlice(Duration.ofNanos(1000)));
    }

    private static JobQueue<Command> open(Stage stage, FirmwareRing ring, String name) {
        return stage.runtime().openQueue(ring, QueueOptions.named(name).withCapacity(4).withCredits(2));
    }

    private static void ok(Stage stage, Fence fence) throws InterruptedException {
        stage.require(fence.await() == Outcome.OK, fence + " is ok");
    }

    private static void one(Stage stage) {
        SimulatedFirmware device = device(2, 2);
        stage.task("user", () -> {
            try (device) {
                JobQueue<Command> queue = open(stage, device.openRing(), "q");
                var first = queue.submit(Command.nop());
                ok(stage, queue.submit(Command.fill(0, 8, (byte) 1), first));
                var third = queue.submit(Command.fill(60, 8, (byte) 1));
                stage.require(third.await() == Outcome.FAILED, "a fill beyond the arena fails");
                queue.close();
            }
        });
    }

    private static void oneSlot(Stage stage) {
        SimulatedFirmware device = device(2, 1);
        for (String name : List.of("a", "b")) {
            stage.task("user of " + name, () -> {
                JobQueue<Command> queue = open(stage, device.openRing(), name);
                ok(stage, queue.submit(Command.nop()));
                var _ = queue.submit(Command.fill(0, 8, (byte) 1));
                ok(stage, queue.submit(Command.nop()));
                queue.close();
            });
        }
        atTheEnd(stage, device);
    }

    private static void waits(Stage stage) {
        SimulatedFirmware device = device(2, 1);
        JobQueue<Command> a = open(stage, device.openRing(), "a");
        JobQueue<Command> b = open(stage, device.openRing(), "b");
        stage.task("user", () -> {
            var a1 = a.submit(Command.fill(0, 8, (byte) 1));
            var b1 = b.submit(Command.copy(0, 8, 8), a1);
            var a2 = a.submit(Command.copy(8, 16, 8), b1);
            var bad = b.submit(Command.fill(60, 8, (byte) 1));
            var after = a.submit(Command.nop(), bad);
            ok(stage, a2);
            stage.require(after.await() == Outcome.FAILED, "what waits for a command that fails does so too");
            stage.require(device.memory().readLong(16) == 0x0101010101010101L, "the copy of the copy is there");
            a.close();
            b.close();
        });
        atTheEnd(stage, device);
    }

    private static void requests(Stage stage) {
        SimulatedFirmware device = device(1, 1);
        FirmwareRing ring = device.openRing();
        JobQueue<Command> queue = open(stage, ring, "q");
        stage.task("user", () -> {
            ok(stage, queue.submit(Command.nop()));
            var _ = queue.submit(Command.nop());
            ok(stage, queue.submit(Command.nop()));
            queue.close();
        });
        stage.task("controller", () -> {
            var _ = ring.suspend();
            Fence resumed = ring.resume().fence();
            stage.require(resumed.await() != Outcome.PENDING, "every request is answered");
        });
        atTheEnd(stage, device);
    }

    private static void longRunning(Stage stage) {
        SimulatedFirmware device = device(2, 2);
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        JobQueue<Command> queue = open(stage, device.openRing(), "q");
        stage.task("user", () -> {
            stage.require(ring.trySubmit(Command.loop(Long.MAX_VALUE, 1_000_000, -1, -1)), "there is room");
            Fence off = ring.preemptFence("preempt");
            // Time may pass so fast that its bound is over before the firmware has answered.
            stage.require(off.await() != Outcome.OK || ring.status().isSuspended(), "it is off the device");
            stage.require(ring.resume().fence().await() != Outcome.PENDING, "every request is answered");
            ring.close();
        });
        stage.task("other", () -> {
            ok(stage, queue.submit(Command.nop()));
            queue.close();
        });
        atTheEnd(stage, device);
    }

    /** When nobody can go on any more: each of the others has said what had to hold. */
    private static void atTheEnd(Stage stage, SimulatedFirmware device) {
        stage.task("closer", () -> {
            stage.world().awaitQuiet();
            device.close();
        });
    }
}
