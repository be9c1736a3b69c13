package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Client;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Setting;

/** Recovery beside all that ends, begins or stops a queue. */
final class RecoveryEndScenarios {

    private RecoveryEndScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("recovery-kill", "a queue is killed while its domain recovers", false,
                        RecoveryEndScenarios::kill),
                new Scenario("recovery-close", "queues are closed while their domain recovers", false,
                        RecoveryEndScenarios::close),
                new Scenario("recovery-cancel", "jobs on the device are cancelled while it recovers", false,
                        RecoveryEndScenarios::cancel),
                new Scenario("recovery-cancel-behind",
                        "a job is cancelled behind one that waits when it is handed over again", false,
                        RecoveryEndScenarios::cancelBehind),
                new Scenario("recovery-client", "a client is banned for the hang of one of its queues", false,
                        RecoveryEndScenarios::client),
                new Scenario("recovery-runtime-closed", "the runtime is closed while a domain recovers", false,
                        RecoveryEndScenarios::runtimeClosed),
                new Scenario("recovery-open", "a queue is opened while its domain recovers", false,
                        RecoveryEndScenarios::open),
                new Scenario("recovery-open-nobody",
                        "a queue is opened while its domain recovers, and nobody is guilty",
                        false, RecoveryEndScenarios::openBesideNobody),
                new Scenario("recovery-end", "a queue ends while its last job is said to hang", false,
                        RecoveryEndScenarios::end),
                new Scenario("recovery-freeze", "a queue is frozen and thawed while its domain recovers", false,
                        RecoveryEndScenarios::freeze),
                new Scenario("freeze", "a queue is frozen and thawed beside submissions", true,
                        RecoveryEndScenarios::freezeAlone),
                new Scenario("freeze-kill", "a queue is killed while it is frozen", false,
                        RecoveryEndScenarios::freezeAndKill),
                new Scenario("recovery-no-hang", "a driver says that a job does not hang, until it does", false,
                        RecoveryEndScenarios::noHang),
                new Scenario("recovery-ban", "a queue is banned for its first hang", false,
                        RecoveryEndScenarios::ban),
                new Scenario("recovery-refused", "the device refuses at first what it is asked for", false,
                        RecoveryEndScenarios::refused),
                new Scenario("recovery-lost", "the device cannot be reset", false, RecoveryEndScenarios::lost),
                new Scenario("recovery-lost-waits",
                        "a job waits on its device for one of a device that cannot be reset, and is waited for in turn",
                        false, RecoveryEndScenarios::lostWhileWaitedFor));
    }

    private static void kill(Stage stage) {
        stage.watch();
        stage.anyOutcome();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("guilty", () -> {
            var _ = a.submitUnlessClosed(new Job("hangs").hanging());
            var _ = a.submitUnlessClosed(new Job("a2").repeatable());
        });
        stage.task("innocent", () -> {
            var _ = b.submitUnlessClosed(new Job("b1").repeatable());
            var _ = b.submitUnlessClosed(new Job("b2"));
        });
        stage.task("killer", () -> {
            b.kill();
            a.kill();
        });
    }

    private static void close(Stage stage) {
        stage.anyOutcome();
        Domain domain = stage.domain("domain").answeringLater();
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("guilty", () -> {
            var _ = a.submitUnlessClosed(new Job("hangs").hanging());
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("innocent", () -> {
            var _ = b.submitUnlessClosed(new Job("b1"));
        });
        stage.task("closer", () -> {
            var _ = b.get().startClose();
            var _ = a.get().startClose().await();
        });
    }

    private static void cancel(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            PointFence hangs = a.submit(new Job("hangs").hanging());
            PointFence a2 = a.submit(new Job("a2"));
            PointFence a3 = a.submit(new Job("a3").repeatable(), a2);
            stage.task("canceller", () -> {
                boolean _ = a.cancel(a2);
                boolean _ = a.cancel(hangs);
            });
            var _ = a3.await();
        });
    }

    private static void cancelBehind(Stage stage) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.openThatWaits("a", Setting.USUAL.in(domain));
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            PointFence hangs = b.submit(new Job("hangs").hanging());
            PointFence b2 = b.submit(new Job("b2"));
            var _ = a.submit(new Job("a1"), b2);
            PointFence a2 = a.submit(new Job("a2"));
            stage.task("canceller", () -> {
                boolean _ = a.cancel(a2);
            });
            var _ = a.submit(new Job("a3"), hangs);
        });
    }

    private static void client(Stage stage) {
        stage.anyOutcome();
        Domain domain = stage.domain("domain");
        Client client = stage.runtime().openClient("client", 0);
        StageQueue a = stage.open("a", Setting.USUAL.in(domain).of(client));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).of(client));
        stage.task("guilty", () -> {
            var _ = a.submitUnlessClosed(new Job("hangs").hanging());
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("other", () -> {
            var _ = b.submitUnlessClosed(new Job("b1").repeatable());
            var _ = b.submitUnlessClosed(new Job("b2"));
        });
    }

    private static void runtimeClosed(Stage stage) {
        stage.anyOutcome();
        Domain domain = stage.domain("domain").answeringLater();
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("guilty", () -> {
            var _ = a.submitUnlessClosed(new Job("hangs").hanging());
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("other", () -> {
            var _ = b.submitUnlessClosed(new Job("b1").repeatable());
        });
        stage.task("closer", () -> stage.runtime().close());
    }

    private static void open(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain").answeringLater();
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        stage.task("guilty", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a2")).await();
        });
        stage.task("opener", () -> {
            StageQueue b = stage.open("b", Setting.USUAL.in(domain));
            var _ = b.submit(new Job("b1"));
            StageQueue c = stage.open("c", Setting.USUAL.in(domain).style(Style.PUSH));
            var _ = c.submit(new Job("c1")).await();
        });
    }

    private static void openBesideNobody(Stage stage) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1"));
            a.device().fault(1);
        });
        stage.task("opener", () -> {
            StageQueue b = stage.open("b", Setting.USUAL.in(domain));
            var _ = b.submit(new Job("b1"));
        });
    }

    private static void end(Stage stage) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.get().startClose();
            a.device().fault(1);
        });
        stage.task("innocent", () -> {
            var _ = b.submit(new Job("b1"));
            var _ = b.submit(new Job("b2"));
        });
    }

    private static int runs(StageQueue queue) {
        return queue.jobs.stream().mapToInt(job -> job.runs).sum();
    }

    private static void freezeAndThaw(Stage stage, StageQueue queue) throws InterruptedException {
        var _ = queue.get().freeze().await();
        int before = runs(queue);
        var _ = queue.trySubmit(new Job("late"));
        stage.require(runs(queue) == before, "nothing is run while it is frozen");
        Fence _ = queue.get().freeze();
        queue.get().thaw();
    }

    private static void freeze(Stage stage) {
        StageQueue a = stage.open("a", Setting.USUAL.in(stage.domain("domain")));
        stage.task("user", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a2").repeatable());
            var _ = a.submit(new Job("a3")).await();
        });
        stage.task("freezer", () -> freezeAndThaw(stage, a));
    }

    private static void freezeAlone(Stage stage) {
        StageQueue a = stage.open("a", Setting.USUAL);
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("a2"));
        });
        stage.task("freezer", () -> freezeAndThaw(stage, a));
    }

    private static void freezeAndKill(Stage stage) {
        stage.anyOutcome();
        StageQueue a = stage.open("a", Setting.USUAL.credits(1));
        stage.task("user", () -> {
            var _ = a.submitUnlessClosed(new Job("a1"));
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("freezer", () -> {
            var _ = a.get().freeze().await();
        });
        stage.task("killer", () -> a.kill());
    }

    private static void noHang(Stage stage) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        Device _ = a.device().patient(2);
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1"));
            PointFence hangs = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a3")).await();
            stage.require(hangs.outcome() == Outcome.FAILED, "the one that hangs has failed");
        });
        stage.task("fate", () -> a.device().fault(0));
    }

    private static void ban(Stage stage) {
        stage.watch();
        stage.anyOutcome();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain).hangLimit(0));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submitUnlessClosed(new Job("hangs").hanging());
            PointFence a2 = a.submitUnlessClosed(new Job("a2").repeatable());
            PointFence b1 = b.submit(new Job("b1"));
            stage.require(b1.await() != Outcome.PENDING && (a2 == null || a2.await() == Outcome.FAILED),
                    "what stands behind the guilty one is not run any more");
            var _ = a.submitUnlessClosed(new Job("late"));
        });
    }

    private static void refused(Stage stage) {
        Domain domain = stage.domain("domain").answeringLater().refusing();
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a2")).await();
        });
    }

    private static void lost(Stage stage) {
        stage.anyOutcome();
        Domain domain = stage.domain("domain").breaking();
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submitUnlessClosed(new Job("hangs").hanging());
            var _ = a.submitUnlessClosed(new Job("a2"));
            var _ = b.submitUnlessClosed(new Job("b1"));
        });
    }

    private static void lostWhileWaitedFor(Stage stage) {
        stage.anyOutcome();
        StageQueue a = stage.openThatWaits("a", Setting.USUAL.in(stage.domain("domain").breaking()));
        StageQueue b = stage.openThatWaits("b", Setting.USUAL);
        stage.task("user", () -> {
            var _ = a.submitUnlessClosed(new Job("hangs").hanging());
            PointFence behind = a.submitUnlessClosed(new Job("behind"));
            PointFence waits = behind == null ? null : b.submitUnlessClosed(new Job("waits"), behind);
            var _ = waits == null ? null : a.submitUnlessClosed(new Job("back"), waits);
        });
    }
}
