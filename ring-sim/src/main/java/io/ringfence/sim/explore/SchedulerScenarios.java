package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.scheduler.Policy;
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
                new Scenario("scheduler-credits", "two entities whose jobs fit on the device one at a time", false,
                        SchedulerScenarios::credits),
                new Scenario("scheduler-kill", "an entity is killed beside submissions and its jobs on the device",
                        false, SchedulerScenarios::kill),
                new Scenario("scheduler-close-one", "one of two schedulers is closed beside submissions", false,
                        SchedulerScenarios::closeOne),
                new Scenario("scheduler-runtime", "the runtime is closed beside submissions", false,
                        SchedulerScenarios::runtime),
                new Scenario("scheduler-waiters", "who waits for jobs to be scheduled, beside a kill", false,
                        SchedulerScenarios::waiters),
                new Scenario("scheduler-cancel", "jobs are cancelled while they wait, or on the device", false,
                        SchedulerScenarios::cancel),
                new Scenario("scheduler-prepare", "what a job has to be prepared with is signalled beside", false,
                        SchedulerScenarios::prepare),
                new Scenario("scheduler-prepare-twice", "a job has to be prepared with one thing after the other",
                        false,
                        SchedulerScenarios::prepareTwice),
                new Scenario("scheduler-said", "jobs are said to be scheduled, one at a time", false,
                        SchedulerScenarios::said),
                new Scenario("scheduler-policy", "a policy throws in the middle", false, SchedulerScenarios::policy),
                new Scenario("scheduler-hang", "the jobs of others are handed over again, those of the guilty are not",
                        false, SchedulerScenarios::hang),
                new Scenario("scheduler-domain", "two schedulers are reset together for a job of one of them", false,
                        SchedulerScenarios::domain));
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

    private static void prepareTwice(Stage stage) {
        FenceIssuer page = stage.issuer("page");
        FenceIssuer table = stage.issuer("table");
        Job needy = new Job("needy");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.preparing(job -> {
            FenceIssuer first = page.fence().isDone() ? table : page;
            return job == needy && !first.fence().isDone() ? first.fence() : null;
        }));
        StageEntity a = stage.entity("a", x);
        stage.task("submitter", () -> {
            var _ = a.submit(needy);
            var _ = a.submit(new Job("a2"));
        });
        stage.task("signaller", () -> {
            boolean _ = page.signal();
            boolean _ = table.signal();
        });
    }

    private static void said(Stage stage) {
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageEntity a = stage.entity("a", x);
        stage.task("submitter", () -> {
            Job a1 = new Job("a1");
            Job a2 = new Job("a2");
            PointFence first = a.submit(a1);
            PointFence second = a.submit(a2);
            Fence handedOver = a.get().scheduled(second);
            stage.world().invariant(() -> {
                if (handedOver.outcome() == Outcome.OK && a1.completeAt == 0) {
                    stage.world().violate(a2 + " is said to be on the device, where " + a1 + " is, which fills it");
                }
            });
            var _ = first.await();
        });
    }

    private static void policy(Stage stage) {
        int[] answers = {0};
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1).by(() -> new Policy() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public long join(Member entity, Others others) {
                return next(entity, others);
            }

            @Override
            public long next(Member entity, Others others) {
                if (++answers[0] > 3) {
                    throw new IllegalStateException("no answer");
                }
                return -answers[0];
            }
        }));
        FenceIssuer late = stage.issuer("late");
        for (String name : List.of("a", "b", "c")) {
            StageEntity entity = stage.entity(name, x);
            stage.task("submitter of " + name, () -> {
                var _ = entity.submit(new Job(name + 1));
                var _ = entity.submit(new Job(name + 2), late.fence());
            });
        }
        stage.task("signaller", () -> {
            boolean _ = late.signal();
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

    private static void domain(Stage stage) {
        stage.watch();
        Domain domain = stage.domain("domain");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.in(domain));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.in(domain).style(Style.PUSH));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x, y);
        stage.task("guilty", () -> {
            var _ = a.submit(new Job("hangs").hanging());
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("innocent", () -> {
            PointFence b1 = b.submit(new Job("b1").repeatable());
            var _ = b.submit(new Job("b2").repeatable());
            PointFence b3 = b.submit(new Job("b3").repeatable(), b1);
            stage.require(b3.await() == Outcome.OK, "what can be repeated is, on whichever ring it is");
        });
    }
}
