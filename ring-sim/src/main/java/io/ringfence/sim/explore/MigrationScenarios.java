package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.explore.Device.Style;
import io.ringfence.sim.explore.Stage.Sharing;

/** Entities that are moved, opened, ended beside schedulers that are closed. */
final class MigrationScenarios {

    private MigrationScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("scheduler-migrate", "an entity becomes idle while somebody submits to it", false,
                        MigrationScenarios::migrate),
                new Scenario("scheduler-candidates", "an entity is moved to another scheduler beside submissions",
                        false, MigrationScenarios::candidates),
                new Scenario("scheduler-open", "an entity is opened while the schedulers that it may go to are closed",
                        false, MigrationScenarios::open),
                new Scenario("scheduler-add", "a scheduler is closed while an entity is told that it may go there",
                        false, MigrationScenarios::add),
                new Scenario("scheduler-move-to-closed", "an entity is moved to a scheduler that is closed meanwhile",
                        false, MigrationScenarios::moveToClosed),
                new Scenario("scheduler-back", "an entity is moved away and back beside submissions", false,
                        MigrationScenarios::back),
                new Scenario("scheduler-movers", "two move an entity, each to another scheduler", false,
                        MigrationScenarios::movers),
                new Scenario("scheduler-kill-moving", "an entity is killed while it is moved", false,
                        MigrationScenarios::killMoving),
                new Scenario("scheduler-kill-one", "one of two schedulers is killed beside submissions", false,
                        MigrationScenarios::killOne),
                new Scenario("scheduler-both-orders", "two close a scheduler and its entity, in either order", false,
                        MigrationScenarios::bothOrders),
                new Scenario("scheduler-close-waits", "two close schedulers and wait for that", false,
                        MigrationScenarios::closeWaits),
                new Scenario("scheduler-close-inside", "a scheduler is closed by a callback while its entity is moved",
                        false, MigrationScenarios::closeInside),
                new Scenario("scheduler-cancel-moved", "a job is cancelled on the device while its entity moves",
                        false, MigrationScenarios::cancelMoved),
                new Scenario("scheduler-prepare-moved", "a job is being prepared when its entity has to go elsewhere",
                        false, MigrationScenarios::prepareMoved));
    }

    private static StageScheduler one(Stage stage, String name) {
        return stage.scheduler(name, Sharing.USUAL.credits(1));
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
            a.move(y);
            x.startClose();
        });
    }

    private static void open(Stage stage) {
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        stage.task("opener", () -> {
            StageEntity a = stage.entityUnlessClosed("a", x, y);
            if (a != null) {
                var _ = a.submitUnlessClosed(new Job("a1"));
                var _ = a.submitUnlessClosed(new Job("a2"));
            }
        });
        stage.task("closer", () -> {
            x.startClose();
            y.startClose();
        });
    }

    private static void add(Stage stage) {
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            var _ = b.submit(new Job("b1"));
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("a2"));
        });
        stage.task("mover", () -> a.moveUnlessClosed(x, y));
        stage.task("closer", y::startClose);
    }

    private static void moveToClosed(Stage stage) {
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x);
        stage.task("submitter", () -> {
            var _ = a.submitUnlessClosed(new Job("a1"));
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("mover", () -> {
            a.moveUnlessClosed(y);
            x.startClose();
        });
        stage.task("closer", y::startClose);
    }

    private static void back(Stage stage) {
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x);
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("a2"));
            var _ = a.submit(new Job("a3"));
        });
        stage.task("mover", () -> {
            a.move(y);
            a.move(x);
            y.startClose();
        });
    }

    private static void movers(Stage stage) {
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageScheduler z = one(stage, "z");
        StageEntity a = stage.entity("a", x);
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = a.submit(new Job("a2"));
        });
        Task other = stage.task("other", () -> a.move(y));
        stage.task("mover", () -> {
            a.move(z);
            stage.world().join(other);
            a.move(y);
            x.startClose();
            z.startClose();
        });
    }

    private static void killMoving(Stage stage) {
        stage.anyOutcome();
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x);
        stage.task("submitter", () -> {
            var _ = a.submitUnlessClosed(new Job("a1"));
            var _ = a.submitUnlessClosed(new Job("a2"));
            var _ = a.submitUnlessClosed(new Job("a3"));
        });
        stage.task("mover", () -> {
            a.move(y);
            x.startClose();
        });
        stage.task("killer", a::kill);
    }

    private static void killOne(Stage stage) {
        stage.anyOutcome();
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence hangs = a.submit(new Job("hangs").hanging());
            var _ = a.get().scheduled(hangs).await();
            a.move(x, y);
            stage.task("killer", x::kill);
            PointFence a2 = a.submit(new Job("a2"));
            var _ = b.submitUnlessClosed(new Job("b1"));
            stage.require(a2.await() == Outcome.OK, "a job that is not on the device of who is killed goes elsewhere");
        });
    }

    private static void bothOrders(Stage stage) {
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x, y);
        stage.task("submitter", () -> {
            var _ = a.submitUnlessClosed(new Job("a1"));
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("entity first", () -> {
            a.startClose();
            x.startClose();
            y.startClose();
        });
        stage.task("entity last", () -> {
            y.startClose();
            x.startClose();
            a.startClose();
        });
    }

    private static void closeWaits(Stage stage) {
        // Time may pass, and then what was not finished is cancelled.
        stage.anyOutcome();
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x, y);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            var _ = a.submitUnlessClosed(new Job("a1"));
            var _ = b.submitUnlessClosed(new Job("b1"));
        });
        stage.task("closer", x::close);
        stage.task("other", () -> {
            y.close();
            a.get().close();
        });
    }

    private static void closeInside(Stage stage) {
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            PointFence b1 = b.submit(new Job("b1"));
            var _ = b1.onDone(x::close);
            var _ = a.submitUnlessClosed(new Job("a1"));
            var _ = a.submitUnlessClosed(new Job("a2"));
        });
        stage.task("mover", () -> a.moveUnlessClosed(x, y));
    }

    private static void cancelMoved(Stage stage) {
        stage.anyOutcome();
        StageScheduler x = one(stage, "x");
        StageScheduler y = one(stage, "y");
        StageEntity a = stage.entity("a", x, y);
        StageEntity b = stage.entity("b", y);
        Job first = new Job("first");
        stage.task("submitter", () -> {
            var _ = a.submit(first);
            stage.task("canceller", () -> a.cancel(first));
            a.move(y);
        });
        stage.task("other", () -> stage.require(b.submit(new Job("b1")).await() == Outcome.OK,
                "what another entity has on the ring is not given up"));
    }

    private static void prepareMoved(Stage stage) {
        FenceIssuer page = stage.issuer("page");
        Job needy = new Job("needy");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1).preparing(_ -> null));
        StageScheduler y = stage.scheduler("y",
                Sharing.USUAL.credits(1)
                        .preparing(job -> job == needy && !page.fence().isDone() ? page.fence() : null));
        StageEntity a = stage.entity("a", x);
        StageEntity b = stage.entity("b", x);
        stage.task("submitter", () -> {
            var _ = b.submit(new Job("b1"));
            var _ = a.submit(needy);
            a.move(y);
        });
        stage.task("signaller", () -> {
            boolean _ = page.signal();
        });
    }
}
