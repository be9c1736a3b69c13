package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Sharing;

/** Many entities on one ring of a device. */
final class SchedulerScenarios {

    private SchedulerScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("scheduler-first", "two submit the first jobs of an entity that may go to two", false,
                        SchedulerScenarios::first),
                new Scenario("scheduler-migrate", "an entity becomes idle while somebody submits to it", false,
                        SchedulerScenarios::migrate),
                new Scenario("scheduler-credits", "two entities whose jobs fit on the device one at a time", false,
                        SchedulerScenarios::credits),
                new Scenario("scheduler-kill", "an entity is killed beside submissions and its jobs on the device",
                        false, SchedulerScenarios::kill),
                new Scenario("scheduler-close-one", "one of two schedulers is closed beside submissions", false,
                        SchedulerScenarios::closeOne),
                new Scenario("scheduler-runtime", "the runtime is closed beside submissions", false,
                        SchedulerScenarios::runtime),
                new Scenario("scheduler-candidates", "an entity is moved to another scheduler beside submissions",
                        false, SchedulerScenarios::candidates),
                new Scenario("scheduler-pipelined", "jobs of one entity depend on those of another on the same ring",
                        false, SchedulerScenarios::pipelined),
                new Scenario("scheduler-other-ring", "jobs of one entity depend on those of one that moves", false,
                        SchedulerScenarios::otherRing),
                new Scenario("scheduler-failed-input", "what a job comes right behind fails on the device", false,
                        SchedulerScenarios::failedInput),
                new Scenario("scheduler-waiters", "who waits for jobs to be scheduled, beside a kill", false,
                        SchedulerScenarios::waiters),
                new Scenario("scheduler-cancel", "jobs are cancelled while they wait, or on the device", false,
                        SchedulerScenarios::cancel),
                new Scenario("scheduler-prepare", "what a job has to be prepared with is signalled beside", false,
                        SchedulerScenarios::prepare),
                new Scenario("scheduler-hang", "the jobs of others are handed over again, those of the guilty are not",
                        false, SchedulerScenarios::hang));
    }

    private static void first(Stage stage) {
        StageScheduler x = stage.scheduler("x", Sharing.USUAL);
        StageScheduler y = stage.scheduler("y", Sharing.USUAL);
        StageEntity a = stage.entity("a", x, y);
        for (int i = 1; i <= 2; i++) {
            String name = "a" + i;
            stage.task("submitter " + i, () -> {
                var _ = a.submit(new Job(name));
            });
        }
    }

    private static void migrate(Stage stage) {
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1).style(Style.PUSH));
        StageEntity a = stage.entity("a", x, y);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1")).await();
            var _ = a.submit(new Job("a2")).await();
        });
        stage.task("other", () -> {
            var _ = b.submit(new Job("b1"));
            var _ = a.submit(new Job("a3"));
            var _ = a.submit(new Job("a4"));
        });
    }

    private static void credits(Stage stage) {
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(3));
        for (String name : List.of("a", "b")) {
            StageEntity entity = stage.entity(name, x);
            stage.task("submitter of " + name, () -> {
                var _ = entity.submit(new Job(name + 1).cost(2));
                var _ = entity.submit(new Job(name + 2).cost(2));
            });
        }
    }

    private static void kill(Stage stage) {
        stage.anyOutcome();
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(2));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            var _ = a.submitUnlessClosed(new Job("a1").hanging());
            var _ = a.submitUnlessClosed(new Job("a2"));
            var _ = a.submitUnlessClosed(new Job("a3"));
        });
        stage.task("other", () -> {
            PointFence b1 = b.submit(new Job("b1"));
            a.kill();
            var _ = b.submit(new Job("b2"), b1);
        });
    }

    private static void closeOne(Stage stage) {
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageEntity a = stage.entity("a", x, y);
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("a2")).await();
            var _ = a.submit(new Job("a3"));
        });
        stage.task("closer", x::startClose);
    }

    private static void runtime(Stage stage) {
        stage.anyOutcome();
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence a1 = a.submitUnlessClosed(new Job("a1"));
            if (a1 != null) {
                var _ = b.submitUnlessClosed(new Job("b1"), a1);
            }
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("closer", stage.runtime()::close);
    }

    private static void candidates(Stage stage) {
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageEntity a = stage.entity("a", x);
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1")).await();
            var _ = a.submit(new Job("a2"));
            var _ = a.submit(new Job("a3"));
        });
        stage.task("mover", () -> {
            a.get().setCandidates(List.of(y.get()));
            x.startClose();
        });
    }

    private static void pipelined(Stage stage) {
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(2));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence b1 = b.submit(new Job("b1"), a1);
            var _ = a.submit(new Job("a2"), b1);
        });
        stage.task("other", () -> {
            PointFence a3 = a.submit(new Job("a3"));
            var _ = b.submit(new Job("b2"), a3);
        });
    }

    private static void otherRing(Stage stage) {
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageEntity a = stage.entity("a", x, y);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence b1 = b.submit(new Job("b1"), a1);
            var _ = a.submit(new Job("a2"), b1);
        });
        stage.task("other", () -> {
            PointFence a3 = a.submit(new Job("a3"));
            var _ = b.submit(new Job("b2"), a3);
        });
    }

    private static void failedInput(Stage stage) {
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL);
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence bad = a.submit(new Job("bad").failing());
            PointFence b1 = b.submit(new Job("b1"), bad);
            var _ = a.submit(new Job("a2"), b1);
        });
        stage.task("other", () -> {
            PointFence thrown = b.submit(new Job("throws").throwing());
            var _ = a.submit(new Job("a3"), thrown);
        });
    }

    private static void waiters(Stage stage) {
        stage.anyOutcome();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageEntity a = stage.entity("a", x);
        FenceIssuer late = stage.issuer("late");
        stage.task("submitter", () -> {
            PointFence a1 = a.submitUnlessClosed(new Job("a1"));
            PointFence a2 = a.submitUnlessClosed(new Job("a2"), late.fence());
            if (a1 != null) {
                var _ = a.get().scheduled(a1).await();
            }
            if (a2 != null) {
                var _ = a.get().scheduled(a2).await();
            }
        });
        stage.task("killer", () -> {
            a.kill();
            boolean _ = late.signal();
        });
    }

    private static void cancel(Stage stage) {
        stage.anyOutcome();
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        Job hangs = new Job("hangs").hanging();
        Job waits = new Job("waits");
        stage.task("submitter", () -> {
            PointFence first = a.submit(hangs);
            var _ = b.submit(waits, first);
            var _ = b.submit(new Job("b2"));
            a.cancel(hangs);
        });
        stage.task("canceller", () -> b.cancel(waits));
    }

    private static void prepare(Stage stage) {
        stage.watch();
        FenceIssuer page = stage.issuer("page");
        Job needy = new Job("needy");
        StageScheduler x = stage.scheduler("x",
                Sharing.USUAL.preparing(job -> job == needy && !page.fence().isDone() ? page.fence() : null));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence first = a.submit(needy);
            var _ = b.submit(new Job("b1"), first);
        });
        stage.task("signaller", () -> {
            boolean _ = page.signal();
        });
    }

    private static void hang(Stage stage) {
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.in(stage.domain("domain")));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("guilty", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("innocent", () -> {
            var _ = b.submit(new Job("b1"));
            var _ = b.submit(new Job("b2")).await();
        });
    }
}
