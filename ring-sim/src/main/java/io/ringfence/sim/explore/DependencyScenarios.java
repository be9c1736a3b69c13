package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.explore.Stage.Setting;

/** Jobs that wait for others, in every direction. */
final class DependencyScenarios {

    private DependencyScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("signal-beside-submit", "a fence is signalled while a job that names it is submitted",
                        true,
                        DependencyScenarios::signalBesideSubmit),
                new Scenario("two-inputs", "two fences are signalled by two, one wake-up", true,
                        DependencyScenarios::twoInputs),
                new Scenario("ping-pong", "two queues that wait for each other in turn", false,
                        DependencyScenarios::pingPong),
                new Scenario("complete-input", "an input is complete on its device, and its queue has no credits left",
                        false,
                        DependencyScenarios::completeInput),
                new Scenario("complete-input-awaited",
                        "an input is complete on its device, and others wait for its queue",
                        false, DependencyScenarios::completeInputAwaited),
                new Scenario("complete-input-closed", "an input is complete on its device, and its queue is closed",
                        false,
                        DependencyScenarios::completeInputClosed),
                new Scenario("complete-input-held-up",
                        "an input is complete on its device, and so is a later job, which waits for others",
                        false,
                        DependencyScenarios::completeInputHeldUp),
                new Scenario("failed-input", "the job of another queue fails", false, DependencyScenarios::failedInput),
                new Scenario("failed-before-it", "an earlier job of the same queue fails on the device", false,
                        DependencyScenarios::failedBeforeIt),
                new Scenario("failed-before-it-and-input",
                        "an earlier job of the same queue fails on the device, beside an input from outside", false,
                        DependencyScenarios::failedBeforeItAndInput),
                new Scenario("run-anyway", "a queue that runs jobs although what they name has failed", false,
                        DependencyScenarios::runAnyway),
                new Scenario("same-queue-out-of-order", "a job waits for an earlier one of its own queue", false,
                        DependencyScenarios::sameQueueOutOfOrder),
                new Scenario("any-and-all", "containers, one of whose fences fails", false,
                        DependencyScenarios::anyAndAll),
                new Scenario("submits-in-callback", "callbacks submit to other queues, in a circle", false,
                        DependencyScenarios::submitsInCallback));
    }

    private static void signalBesideSubmit(Stage stage) {
        StageQueue queue = stage.open("q");
        FenceIssuer input = stage.issuer("input");
        stage.task("submitter", () -> {
            var _ = queue.submit(new Job("waits"), input.fence());
        });
        stage.task("signaller", () -> {
            boolean _ = input.signal();
        });
    }

    private static void twoInputs(Stage stage) {
        StageQueue queue = stage.open("q");
        FenceIssuer left = stage.issuer("left");
        FenceIssuer right = stage.issuer("right");
        stage.task("left", () -> {
            boolean _ = left.signal();
        });
        stage.task("right", () -> {
            boolean _ = right.signal();
        });
        stage.task("submitter", () -> {
            var _ = queue.submit(new Job("waits"), left.fence(), right.fence());
        });
    }

    private static void pingPong(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.credits(1));
        StageQueue b = stage.open("b", Setting.USUAL.outOfOrder());
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence b1 = b.submit(new Job("b1"), a1);
            PointFence a2 = a.submit(new Job("a2"), b1, a1);
            var _ = b.submit(new Job("b2"), a2, b1);
        });
        stage.task("other", () -> {
            PointFence b3 = b.submit(new Job("b3"));
            var _ = a.submit(new Job("a3"), b3);
        });
    }

    private static void completeInput(Stage stage) {
        StageQueue a = stage.openThatSpares("a", Setting.USUAL.credits(1));
        StageQueue b = stage.open("b");
        stage.task("submitter", () -> {
            PointFence first = a.submit(new Job("first"));
            var _ = b.submit(new Job("next"), first);
        });
        stage.task("other", () -> {
            PointFence second = a.submit(new Job("second"));
            var _ = a.submit(new Job("third"));
            stage.require(second.await() == Outcome.OK, "what waited for credits is done");
        });
    }

    private static void completeInputAwaited(Stage stage) {
        StageQueue a = stage.openThatSpares("a", Setting.USUAL);
        StageQueue b = stage.open("b");
        PointFence[] first = new PointFence[1];
        var submitted = stage.issuer("submitted");
        stage.task("submitter", () -> {
            first[0] = a.submit(new Job("first"));
            boolean _ = submitted.signal();
            var _ = b.submit(new Job("next"), first[0]);
        });
        stage.task("other", () -> {
            var _ = submitted.fence().await();
            stage.require(first[0].await() == Outcome.OK, "it is done");
        });
    }

    private static void completeInputClosed(Stage stage) {
        StageQueue a = stage.openThatSpares("a", Setting.USUAL);
        StageQueue b = stage.open("b");
        var submitted = stage.issuer("submitted");
        stage.task("submitter", () -> {
            PointFence first = a.submit(new Job("first"));
            boolean _ = submitted.signal();
            var _ = b.submit(new Job("next"), first);
        });
        stage.task("closer", () -> {
            var _ = submitted.fence().await();
            var _ = a.get().startClose().await();
        });
    }

    private static void completeInputHeldUp(Stage stage) {
        StageQueue first = stage.openThatWaits("first", Setting.USUAL);
        StageQueue second = stage.openThatWaitsAndSpares("second", Setting.USUAL);
        StageQueue third = stage.open("third");
        PointFence[] heldUp = new PointFence[1];
        var submitted = stage.issuer("submitted");
        stage.task("submitter", () -> {
            PointFence a = first.submit(new Job("a"));
            PointFence b = second.submit(new Job("b"));
            heldUp[0] = second.submit(new Job("after a"), a);
            boolean _ = submitted.signal();
            var _ = third.submit(new Job("after b"), b);
        });
        stage.task("other", () -> {
            var _ = submitted.fence().await();
            stage.require(heldUp[0].await() == Outcome.OK, "it is done");
        });
    }

    private static void failedInput(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a");
        StageQueue b = stage.open("b");
        stage.task("submitter", () -> {
            PointFence bad = a.submit(new Job("bad").failing());
            PointFence next = b.submit(new Job("next"), bad);
            var _ = a.submit(new Job("last"), next);
            var _ = b.submit(new Job("free"));
        });
        stage.task("late", () -> {
            PointFence thrown = b.submit(new Job("throws").throwing());
            var _ = a.submit(new Job("after"), thrown);
        });
    }

    private static void failedBeforeIt(Stage stage) {
        StageQueue queue = stage.open("q");
        stage.task("submitter", () -> {
            PointFence bad = queue.submit(new Job("bad").failing());
            var _ = queue.submit(new Job("between"));
            PointFence next = queue.submit(new Job("next"), bad);
            var _ = queue.submit(new Job("last"), next);
        });
    }

    private static void failedBeforeItAndInput(Stage stage) {
        StageQueue queue = stage.open("q");
        FenceIssuer input = stage.issuer("input");
        stage.task("submitter", () -> {
            PointFence bad = queue.submit(new Job("bad").failing());
            var _ = queue.submit(new Job("next"), bad, input.fence());
        });
        stage.task("signaller", () -> {
            boolean _ = input.signal();
        });
    }

    private static void runAnyway(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.runningAnyway());
        FenceIssuer input = stage.issuer("input");
        stage.task("submitter", () -> {
            PointFence bad = queue.submit(new Job("bad").failing());
            var _ = queue.submit(new Job("next"), bad, input.fence());
        });
        stage.task("failer", () -> {
            boolean _ = input.fail(new Failure.Cancelled("on purpose"));
        });
    }

    private static void sameQueueOutOfOrder(Stage stage) {
        StageQueue queue = stage.open("q", Setting.USUAL.outOfOrder());
        stage.task("submitter", () -> {
            PointFence first = queue.submit(new Job("first"));
            var _ = queue.submit(new Job("free"));
            PointFence second = queue.submit(new Job("second"), first);
            var _ = queue.submit(new Job("third"), second, first);
        });
    }

    private static void anyAndAll(Stage stage) {
        StageQueue a = stage.open("a");
        StageQueue b = stage.open("b");
        FenceIssuer input = stage.issuer("input");
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence bad = a.submit(new Job("bad").failing());
            Fence any = Fences.anyOf(a1, input.fence());
            Fence all = Fences.allOf(a1, bad, input.fence());
            var _ = b.submit(new Job("after any"), any);
            var _ = b.submit(new Job("after all"), all);
        });
        stage.task("signaller", () -> {
            boolean _ = input.signal();
        });
    }

    private static void submitsInCallback(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.credits(1));
        StageQueue b = stage.open("b", Setting.USUAL.credits(1));
        for (StageQueue from : List.of(a, b)) {
            StageQueue to = from == a ? b : a;
            stage.task("starter of " + from, () -> {
                PointFence first = from.submit(new Job("first of " + from));
                var _ = first.onDone(() -> {
                    PointFence second = to.trySubmit(new Job("second of " + from));
                    if (second != null) {
                        var _ = second.onDone(() -> {
                            var _ = from.trySubmit(new Job("third of " + from), second);
                        });
                    }
                });
                var _ = first.await();
            });
        }
    }
}
