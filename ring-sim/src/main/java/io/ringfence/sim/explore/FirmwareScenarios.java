package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.LongRunningQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.FirmwareRing;
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
                new Scenario("firmware-ban", "a ring is banned beside the submission of a job that waits for it", false,
                        FirmwareScenarios::banned),
                new Scenario("firmware-reset", "a ring is reset while the device makes another one wait for it", false,
                        FirmwareScenarios::reset),
                new Scenario("firmware-diagnosis", "the device is looked at while it raises events", false,
                        FirmwareScenarios::diagnosed),
                new Scenario("firmware-long-running",
                        "a queue without fences leaves by its preempt fence, comes back, and is killed meanwhile",
                        false, FirmwareScenarios::longRunning));
    }

    private static SimulatedFirmware device(int rings, int groupSlots) {
        return SimulatedFirmware.start(FirmwareOptions.defaults().withRings(rings).withSlots(4).withArenaBytes(64)
                .withGroupSlots(groupSlots).withTimeSlice(Duration.ofNanos(1000)));
    }

    private static JobQueue<Command> open(Stage stage, FirmwareRing ring, String name) {
        // A watchdog wakes the firmware now and then, which would hide that nobody else does.
        return stage.runtime().openQueue(ring, QueueOptions.named(name).withCapacity(4).withCredits(2)
                .withTimeout(QueueOptions.NO_TIMEOUT));
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
        var over = stage.issuer("over");
        stage.task("user", () -> {
            ok(stage, queue.submit(Command.nop()));
            var _ = queue.submit(Command.nop());
            ok(stage, queue.submit(Command.nop()));
            // Requests to a ring that is closed are not answered.
            ok(stage, over.fence());
            queue.close();
        });
        stage.task("controller", () -> {
            var _ = ring.suspend();
            // The end of the device settles it too, but not as done.
            ok(stage, ring.resume().fence());
            boolean _ = over.signal();
        });
        atTheEnd(stage, device);
    }

    private static void banned(Stage stage) {
        SimulatedFirmware device = device(2, 2);
        FirmwareRing ring = device.openRing();
        JobQueue<Command> a = open(stage, ring, "a");
        JobQueue<Command> b = open(stage, device.openRing(), "b");
        boolean[] over = new boolean[1];
        stage.task("user", () -> {
            var stuck = a.submit(Command.waitFor(0, 1));
            stage.task("banner", () -> ok(stage, ring.ban().fence()));
            var after = b.submit(Command.nop(), stuck);
            stage.require(stuck.await() == Outcome.FAILED, "nothing is executed of a banned ring");
            stage.require(after.await() == Outcome.FAILED, "what waits for it fails");
            over[0] = true;
            a.close();
            b.close();
        });
        stage.task("closer", () -> {
            stage.world().awaitQuiet();
            stage.require(over[0], "who waits for a banned ring is let go");
            device.close();
        });
    }

    private static void reset(Stage stage) {
        SimulatedFirmware device = device(2, 1);
        FirmwareRing ring = device.openRing();
        FirmwareRing other = device.openRing();
        JobQueue<Command> a = open(stage, ring, "a");
        JobQueue<Command> b = open(stage, other, "b");
        stage.task("user", () -> {
            var stuck = a.submit(Command.waitFor(0, 1));
            var _ = b.submit(Command.nop(), stuck);
            // A ring is not reset beside calls of its queue.
            stage.world().awaitQuiet();
            ok(stage, ring.quiesce().fence());
            ok(stage, ring.reset().fence());
            stage.world().awaitQuiet();
            stage.require(other.status().standing().completed() == 1, "who waits for a ring that was reset is let go");
            device.close();
        });
    }

    /** Whoever looks at a device reads its events, beside the firmware's interrupt. */
    private static void diagnosed(Stage stage) {
        SimulatedFirmware device = device(1, 1);
        JobQueue<Command> queue = open(stage, device.openRing(), "q");
        stage.task("user", () -> {
            ok(stage, queue.submit(Command.nop()));
            ok(stage, queue.submit(Command.nop()));
            queue.close();
        });
        stage.task("watcher", () -> {
            for (int i = 0; i < 3; i++) {
                var _ = device.diagnose();
            }
        });
        atTheEnd(stage, device);
    }

    private static void longRunning(Stage stage) {
        SimulatedFirmware device = device(2, 2);
        LongRunningQueue<Command> loops = stage.runtime().openLongRunningQueue(
                device.openLongRunningRing(RingOptions.defaults()),
                QueueOptions.named("loops").withCapacity(4).withCredits(2));
        JobQueue<Command> queue = open(stage, device.openRing(), "q");
        stage.task("user", () -> {
            stage.require(loops.submit(Command.loop(Long.MAX_VALUE, 1_000_000, -1, -1)) == 1, "it is the first");
            Fence off = loops.preemptFence();
            // Time may pass so fast that its bound is over before the firmware has answered.
            stage.require(off.await() != Outcome.PENDING, "whoever waits for it to leave is let go");
            ok(stage, loops.kill());
            stage.require(loops.preemptFence().isDone(), "nobody waits for a queue that has ended");
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
