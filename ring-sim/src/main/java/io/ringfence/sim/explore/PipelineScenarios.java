package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Sharing;

/** Jobs of a scheduler that depend on other jobs of it, or on their being handed over. */
final class PipelineScenarios {

    private PipelineScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("scheduler-pipelined", "jobs of one entity depend on those of another on the same ring",
                        false, PipelineScenarios::pipelined),
                new Scenario("scheduler-other-ring", "jobs of one entity depend on those of one that moves", false,
                        PipelineScenarios::otherRing),
                new Scenario("scheduler-failed-input", "what a job comes right behind fails on the device", false,
                        PipelineScenarios::failedInput),
                new Scenario("scheduler-behind", "a job comes right behind one that does not end", false,
                        PipelineScenarios::behind),
                new Scenario("scheduler-cancelled-input", "what a job comes right behind is cancelled", false,
                        PipelineScenarios::cancelledInput),
                new Scenario("scheduler-guilty-input", "what a job of another comes right behind is guilty", false,
                        PipelineScenarios::guiltyInput),
                new Scenario("scheduler-after-scheduled", "jobs wait until those of another ring have been handed over",
                        false,
                        PipelineScenarios::afterScheduled));
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

    private static void behind(Stage stage) {
        stage.anyOutcome();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL);
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        FenceIssuer late = stage.issuer("late");
        Job hangs = new Job("hangs").hanging();
        stage.task("submitter", () -> {
            PointFence endless = a.submit(hangs, late.fence());
            PointFence b1 = b.submit(new Job("b1"), endless);
            // Only the job that does not end has to be on the device for that.
            var _ = b.get().scheduled(b1).await();
            a.cancel(hangs);
        });
        stage.task("signaller", () -> {
            boolean _ = late.signal();
        });
    }

    private static void cancelledInput(Stage stage) {
        stage.anyOutcome();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(2));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        FenceIssuer late = stage.issuer("late");
        Job input = new Job("input");
        stage.task("submitter", () -> {
            PointFence known = a.submit(input, late.fence());
            var _ = b.submit(new Job("b1"), known);
            var _ = a.submit(new Job("a2"));
            var _ = a.submit(new Job("a3"));
            boolean _ = late.signal();
        });
        stage.task("canceller", () -> a.cancel(input));
    }

    private static void guiltyInput(Stage stage) {
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.in(stage.domain("domain")));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence hangs = a.submit(new Job("hangs").hanging());
            var _ = b.submit(new Job("b1").repeatable(), hangs);
            var _ = b.submit(new Job("b2").repeatable());
        });
    }

    /** Each has to be on its ring before the next ones are. */
    private static void afterScheduled(Stage stage) {
        stage.watch();
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1).style(Style.COMPARE));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", y);
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            PointFence b1 = b.submit(new Job("b1"), a.get().scheduled(a1));
            PointFence a2 = a.submit(new Job("a2"), b.get().scheduled(b1));
            var _ = b.submit(new Job("b2"), a.get().scheduled(a2), a1);
        });
        stage.task("other", () -> {
            PointFence b3 = b.submit(new Job("b3"));
            var _ = a.submit(new Job("a3"), b.get().scheduled(b3));
        });
    }
}
