package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.List;

import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.Batch;
import io.ringfence.queue.CreditBudget;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Retiring;
import io.ringfence.sim.explore.Stage.Setting;

/** Jobs that hang, and what becomes of the others on their devices. */
final class RecoveryScenarios {

    private RecoveryScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("recovery-submit", "a job hangs beside submissions to its queue", false,
                        RecoveryScenarios::submit),
                new Scenario("recovery-completion", "a job is said to hang while it is completed", true,
                        RecoveryScenarios::completion),
                new Scenario("recovery-two-queues", "two queues of one domain, one of them guilty", false,
                        RecoveryScenarios::twoQueues),
                new Scenario("recovery-repeatable", "begun beside a hang: one job can be repeated, one cannot", false,
                        RecoveryScenarios::repeatable),
                new Scenario("recovery-dependency", "jobs of the same ring and of another depend on one that hangs",
                        false, RecoveryScenarios::dependency),
                new Scenario("recovery-anyway", "jobs that run whatever became of what they depend on", false,
                        RecoveryScenarios::anyway),
                new Scenario("recovery-blocking", "a driver that may block is issued on a thread of the runtime", false,
                        RecoveryScenarios::blocking),
                new Scenario("recovery-device-wait", "a device that makes a job wait for another is reset", false,
                        RecoveryScenarios::deviceWait),
                new Scenario("recovery-wait-across", "what a device waits for is on another one, which is reset", false,
                        RecoveryScenarios::waitAcross),
                new Scenario("recovery-push", "a device tells by itself, also after it was reset", false,
                        stage -> push(stage, Setting.USUAL.style(Style.PUSH))),
                new Scenario("recovery-push-any-order", "as recovery-push, with completions in any order", false,
                        stage -> push(stage, Setting.USUAL.style(Style.PUSH).outOfOrder())),
                new Scenario("recovery-out-of-order", "jobs are complete behind the one that hangs", false,
                        RecoveryScenarios::outOfOrder),
                new Scenario("recovery-compare", "completions are compared, and begin anew with the ring", false,
                        RecoveryScenarios::compare),
                new Scenario("recovery-throws", "jobs whose run threw stand in the range that is handed over again",
                        false, RecoveryScenarios::throwing),
                new Scenario("recovery-credits", "jobs that are handed over again keep their credits", false,
                        RecoveryScenarios::credits),
                new Scenario("recovery-budget", "as recovery-credits, with a budget that others want", false,
                        RecoveryScenarios::budget),
                new Scenario("recovery-batch", "a batch over two rings that are reset", false,
                        RecoveryScenarios::batch),
                new Scenario("recovery-holes", "a batch without room leaves a hole in a ring that is reset", false,
                        RecoveryScenarios::holes),
                new Scenario("recovery-twice", "two jobs hang at once", false, RecoveryScenarios::twice),
                new Scenario("recovery-watchdog", "nobody tells of a job that hangs, and time passes at any moment",
                        false, RecoveryScenarios::watchdog),
                new Scenario("recovery-idle", "a job hangs on a queue that the watchdog is about to let go", false,
                        RecoveryScenarios::idle));
    }

    private static void submit(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.in(stage.domain("domain")).credits(3));
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a3")).await();
        });
        stage.task("other", () -> {
            var _ = a.submit(new Job("a4"));
            var _ = a.submit(new Job("a5")).await();
        });
    }

    private static void completion(Stage stage) {
        StageQueue a = stage.open("a", Setting.USUAL.in(stage.domain("domain").answeringLater()));
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("a2"));
        });
        stage.task("fate", () -> a.device().fault(0));
    }

    private static void twoQueues(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain").answeringLater();
        StageQueue a = stage.open("a", Setting.USUAL.in(domain).capacity(2));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).capacity(2));
        stage.task("guilty", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a2")).await();
        });
        stage.task("innocent", () -> {
            var _ = b.submit(new Job("b1"));
            var _ = b.submit(new Job("b2"));
            var _ = b.submit(new Job("b3")).await();
        });
    }

    private static void repeatable(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).outOfOrder().retiring(Retiring.INLINE));
        stage.task("guilty", () -> {
            var _ = a.submit(new Job("hangs").hanging());
        });
        stage.task("innocent", () -> {
            var _ = b.submit(new Job("once"));
            var _ = b.submit(new Job("again").repeatable());
            var _ = b.submit(new Job("once more")).await();
        });
    }

    private static void dependency(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).outOfOrder());
        StageQueue c = stage.open("c");
        stage.task("user", () -> {
            var free = a.submit(new Job("free"));
            var hangs = a.submit(new Job("hangs").hanging());
            var a3 = a.submit(new Job("a3"), hangs);
            var _ = b.submit(new Job("b1"), free);
            var b2 = b.submit(new Job("b2"), a3);
            var _ = c.submit(new Job("c1"), hangs);
            var _ = a.submit(new Job("a4"), b2, free);
        });
    }

    private static void anyway(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.in(stage.domain("domain")).runningAnyway());
        stage.task("user", () -> {
            PointFence hangs = a.submit(new Job("hangs").hanging());
            PointFence a2 = a.submit(new Job("a2").repeatable(), hangs);
            var _ = a.submit(new Job("a3"), a2).await();
        });
        stage.task("other", () -> {
            var _ = a.submit(new Job("a4"));
        });
    }

    private static void blocking(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain).thatBlocks());
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).thatBlocks().outOfOrder());
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a3")).await();
        });
        stage.task("other", () -> {
            var _ = b.submit(new Job("b1").repeatable());
            var _ = b.submit(new Job("b2")).await();
        });
    }

    private static void deviceWait(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.openThatWaits("a", Setting.USUAL.in(domain));
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.in(domain).credits(2));
        StageQueue c = stage.openThatWaits("c", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var a1 = a.submit(new Job("a1").repeatable());
            var b1 = b.submit(new Job("b1"), a1);
            var hangs = c.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a2"), b1);
            var _ = b.submit(new Job("b2"), hangs);
            var _ = b.submit(new Job("b3"));
        });
    }

    private static void waitAcross(Stage stage) {
        stage.watch();
        StageQueue a = stage.openThatWaits("a", Setting.USUAL.in(stage.domain("first")));
        StageQueue b = stage.openThatWaits("b", Setting.USUAL.in(stage.domain("second")).credits(2));
        stage.task("user", () -> {
            PointFence hangs = a.submit(new Job("hangs").hanging());
            PointFence a2 = a.submit(new Job("a2"));
            var _ = b.submit(new Job("b1"), a2);
            var _ = b.submit(new Job("b2"), hangs);
        });
        stage.task("other", () -> {
            PointFence b3 = b.submit(new Job("b3").hanging());
            var _ = a.submit(new Job("a3"), b3);
        });
    }

    private static void push(Stage stage, Setting setting) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", setting.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1").repeatable());
            var _ = a.submit(new Job("a2").repeatable());
            var _ = a.submit(new Job("a3")).await();
        });
        stage.task("guilty", () -> {
            var _ = b.submit(new Job("hangs").hanging());
        });
    }

    private static void outOfOrder(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.outOfOrder().in(stage.domain("domain")).credits(3));
        stage.task("user", () -> {
            PointFence hangs = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a2"));
            var _ = a.submit(new Job("a3").failing());
            var _ = a.submit(new Job("a4"), hangs);
            var _ = a.submit(new Job("a5").repeatable()).await();
        });
    }

    private static void compare(Stage stage) {
        StageQueue a = stage.open("a", Setting.USUAL.style(Style.COMPARE).in(stage.domain("domain")));
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a3")).await();
            var _ = a.submit(new Job("a4")).await();
        });
    }

    private static void throwing(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.in(stage.domain("domain")));
        stage.task("user", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("throws").throwing());
            PointFence a3 = a.submit(new Job("a3"));
            boolean _ = a.cancel(a3);
            var _ = a.submit(new Job("a4")).await();
        });
    }

    private static void credits(Stage stage) {
        StageQueue a = stage.open("a", Setting.USUAL.in(stage.domain("domain")).capacity(8).credits(3));
        stage.task("user", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submit(new Job("a2").cost(2));
            var _ = a.submit(new Job("a3").cost(3));
            var _ = a.submit(new Job("a4"));
        });
    }

    private static void budget(Stage stage) {
        CreditBudget budget = stage.budget(3);
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain).sharing(budget));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).sharing(budget));
        StageQueue c = stage.open("c", Setting.USUAL.sharing(budget));
        stage.task("guilty", () -> {
            PointFence hangs = a.submit(new Job("hangs").hanging());
            // Cancelled when it is to be handed over again, and has paid.
            var _ = a.submit(new Job("a2").cost(2), hangs);
        });
        stage.task("innocent", () -> {
            var _ = b.submit(new Job("b1").repeatable());
            var _ = b.submit(new Job("b2").cost(2));
        });
        stage.task("stranger", () -> {
            var _ = c.submit(new Job("c1").cost(3));
            var _ = c.submit(new Job("c2"));
        });
    }

    private static void batch(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain).capacity(2));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).capacity(2));
        stage.task("user", () -> {
            Batch batch = Batch.create();
            var one = new Job("one");
            var two = new Job("two").repeatable();
            var three = new Job("three");
            Batch.Member first = a.add(batch, one);
            Batch.Member second = b.add(batch, two, one).after(first);
            Batch.Member third = a.add(batch, three, two).after(second);
            var committed = batch.commit();
            a.committed(one, committed.fence(first));
            b.committed(two, committed.fence(second));
            a.committed(three, committed.fence(third));
        });
        stage.task("guilty", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = b.submit(new Job("last"));
        });
    }

    private static void holes(Stage stage) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain).capacity(2));
        stage.task("user", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = b.submit(new Job("b1").hanging());
            var _ = b.submit(new Job("b2"));
            Batch batch = Batch.create();
            var one = new Job("one");
            var two = new Job("two");
            Batch.Member first = a.add(batch, one);
            Batch.Member second = b.add(batch, two);
            var committed = batch.tryCommit();
            if (committed != null) {
                a.committed(one, committed.fence(first));
                b.committed(two, committed.fence(second));
            }
            var _ = a.submit(new Job("a3").repeatable());
        });
    }

    private static void twice(Stage stage) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1").hanging().repeatable());
            var _ = b.submit(new Job("b1").hanging().repeatable());
            var _ = a.submit(new Job("a2").hanging());
            var _ = b.submit(new Job("b2"));
        });
        stage.task("fate", () -> {
            a.device().fault(1);
            b.device().fault(0);
        });
    }

    private static void watchdog(Stage stage) {
        Domain domain = stage.domain("domain");
        StageQueue a = stage.open("a", Setting.USUAL.in(domain).timeout(Duration.ofMillis(8)));
        StageQueue b = stage.open("b", Setting.USUAL.in(domain));
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("hangs").hangingSilently());
            var _ = a.submit(new Job("a3")).await();
        });
        stage.task("innocent", () -> {
            var _ = b.submit(new Job("b1"));
        });
    }

    /** The watchdog looks each millisecond, and gives up after so many looks at an idle queue. */
    private static void idle(Stage stage) {
        StageQueue a = stage.open("a", Setting.USUAL.in(stage.domain("domain")).timeout(Duration.ofMillis(8)));
        stage.task("user", () -> {
            var _ = a.submit(new Job("a1")).await();
            long idle = 14L + stage.world().choose(8);
            Seam.parkNanos("something else", idle * 1_000_000);
            var _ = a.submit(new Job("hangs").hangingSilently()).await();
        });
    }
}
