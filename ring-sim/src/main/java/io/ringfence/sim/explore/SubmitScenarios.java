package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.Bulk;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Setting;

/** Ways into a queue, and the three ways in which a device tells what it has done. */
final class SubmitScenarios {

    private SubmitScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("two-producers", "two producers and the consumer that one of them becomes", true,
                        SubmitScenarios::twoProducers),
                new Scenario("full-ring", "three submitters wait in line for a ring of two", false,
                        SubmitScenarios::fullRing),
                new Scenario("timed-submit", "a submitter in line gives up while it is being served", false,
                        SubmitScenarios::timedSubmit),
                new Scenario("interrupted-submit", "a submitter in line is interrupted while it is being served", false,
                        SubmitScenarios::interruptedSubmit),
                new Scenario("bulk", "many at once beside single ones, in part", false, SubmitScenarios::bulk),
                new Scenario("room", "fences for room beside a submitter in line", false, SubmitScenarios::room),
                new Scenario("poll", "a polled device that interrupts, and a waiter that comes late", true,
                        stage -> completes(stage, Setting.USUAL)),
                new Scenario("compare", "a device that stores the last seqno", true,
                        stage -> completes(stage, Setting.USUAL.style(Style.COMPARE))),
                new Scenario("push", "a device that tells", true,
                        stage -> completes(stage, Setting.USUAL.style(Style.PUSH))),
                new Scenario("out-of-order", "a polled device that finishes in any order", false,
                        stage -> completes(stage, Setting.USUAL.outOfOrder())),
                new Scenario("push-out-of-order", "a device that tells, in any order", false,
                        stage -> completes(stage, Setting.USUAL.style(Style.PUSH).outOfOrder())),
                new Scenario("at-once", "jobs are done, or failed, before their run returns", false,
                        SubmitScenarios::atOnce),
                new Scenario("driver-that-blocks", "turns are handed over to the runtime's worker", false,
                        SubmitScenarios::driverThatBlocks),
                new Scenario("run-throws", "runs that throw between jobs on the device", false,
                        SubmitScenarios::runThrows));
    }

    private static void twoProducers(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2));
        for (String who : List.of("a", "b")) {
            stage.task("producer " + who, () -> {
                var _ = queue.trySubmit(new Job(who + 1));
                var _ = queue.trySubmit(new Job(who + 2));
            });
        }
    }

    private static void fullRing(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2));
        for (String who : List.of("a", "b", "c")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submit(new Job(who + 1));
                var _ = queue.submit(new Job(who + 2));
            });
        }
    }

    private static void timedSubmit(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2));
        for (String who : List.of("a", "b", "c")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submitWithin(Duration.ofMillis(1), new Job(who + 1));
                var _ = queue.submit(new Job(who + 2));
            });
        }
    }

    private static void interruptedSubmit(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2));
        Task impatient = stage.task("impatient", () -> {
            try {
                var _ = queue.submit(new Job("i1"));
                var _ = queue.submit(new Job("i2"));
            } catch (InterruptedException expected) {
                stage.world().note("was interrupted");
            }
        });
        stage.task("submitter", () -> {
            var _ = queue.submit(new Job("s1"));
            var _ = queue.submit(new Job("s2"));
        });
        stage.task("interrupter", () -> stage.world().interrupt(impatient));
    }

    private static void bulk(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(4).credits(2));
        stage.task("bulk", () -> {
            Job[] jobs = {new Job("b1"), new Job("b2"), new Job("b3")};
            Bulk bulk = queue.get().trySubmitAll(jobs);
            stage.require(bulk.count() <= jobs.length, "at most three of three");
            while (bulk.count() > 0 && !queue.get().timeline().isDone(bulk.last())) {
                queue.get().timeline().poll();
                Seam.spin();
            }
            for (int i = 0; i < jobs.length; i++) {
                stage.require(jobs[i].runs == (i < bulk.count() ? 1 : 0), jobs[i] + " was run if it was taken");
            }
        });
        stage.task("single", () -> {
            var _ = queue.submit(new Job("s1"));
            var _ = queue.trySubmit(new Job("s2"));
        });
    }

    private static void room(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.capacity(2));
        for (String who : List.of("a", "b")) {
            stage.task("by fence " + who, () -> {
                for (int i = 1; i <= 2;) {
                    if (queue.trySubmit(new Job(who + i)) != null) {
                        i++;
                    } else {
                        var _ = queue.get().room(1).await();
                    }
                }
            });
        }
        stage.task("by line", () -> {
            var _ = queue.submit(new Job("l1"));
            var _ = queue.submit(new Job("l2"));
        });
    }

    private static void completes(Stage stage, Setting setting) {
        StageQueue queue = stage.open("q", setting.credits(2));
        stage.task("waiter", () -> {
            var first = queue.submit(new Job("w1"));
            boolean tells = setting.style() != Style.COMPARE;
            var second = queue.submit(tells ? new Job("w2").failing() : new Job("w2"));
            stage.require(second.await() == (tells ? Outcome.FAILED : Outcome.OK), "w2 ends as it should");
            stage.require(first.await() == Outcome.OK, "w1 is ok");
        });
        stage.task("other", () -> {
            var fence = queue.submit(new Job("o1"));
            stage.require(fence.await() == Outcome.OK, "o1 is ok");
        });
    }

    private static void atOnce(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.outOfOrder().credits(1));
        StageQueue told = stage.open("told", Setting.USUAL.style(Style.PUSH).credits(1));
        for (StageQueue each : List.of(queue, told)) {
            stage.task("user of " + each, () -> {
                var _ = each.submit(new Job("u1").atOnce());
                var _ = each.submit(new Job("u2").atOnce().failing());
                var _ = each.submit(new Job("u3"));
                var _ = each.submit(new Job("u4").atOnce()).await();
            });
            waitsAhead(stage, each, new Job("ahead of " + each).atOnce());
        }
    }

    /** Somebody waits for a job before it is handed to the device. */
    static void waitsAhead(Stage stage, StageQueue queue, Job job) {
        FenceIssuer gate = stage.issuer("gate of " + job);
        stage.task("waiter for " + job, () -> {
            PointFence fence = queue.submitUnlessClosed(job, gate.fence());
            if (fence != null) {
                var _ = fence.await();
            }
        });
        stage.task("gate of " + job, () -> {
            boolean _ = gate.signal();
        });
    }

    private static void driverThatBlocks(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.thatBlocks().credits(1));
        for (String who : List.of("a", "b")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submit(new Job(who + 1));
                var _ = queue.submit(new Job(who + 2)).await();
            });
        }
    }

    private static void runThrows(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.credits(2));
        for (String who : List.of("a", "b")) {
            stage.task("submitter " + who, () -> {
                var _ = queue.submit(new Job(who + 1));
                var thrown = queue.submit(new Job(who + 2).throwing());
                var _ = queue.trySubmit(new Job(who + 3));
                stage.require(thrown.await() == Outcome.FAILED, "what throws fails");
            });
        }
        waitsAhead(stage, queue, new Job("ahead").throwing());
    }
}
