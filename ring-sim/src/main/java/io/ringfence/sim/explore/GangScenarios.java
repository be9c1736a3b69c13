package io.ringfence.sim.explore;

import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.scheduler.GangSwitch;
import io.ringfence.sim.explore.Stage.Sharing;

/** Jobs on several rings that run together. */
final class GangScenarios {

    private GangScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("gang-crossed", "two gangs whose jobs lead on each other's rings", false,
                        GangScenarios::crossed),
                new Scenario("gang-same-entities", "two gangs of the same two entities, in opposite order", false,
                        GangScenarios::sameEntities),
                new Scenario("gang-beside-jobs", "a gang beside two jobs of its entities that depend on each other",
                        false, GangScenarios::besideJobs),
                new Scenario("gang-cancel", "a job of a gang is cancelled, and another gang goes on", false,
                        GangScenarios::cancel),
                new Scenario("gang-kill", "an entity is killed that has a job of a gang", false, GangScenarios::kill),
                new Scenario("gang-kill-ring", "a scheduler is killed that has a job of a gang", false,
                        GangScenarios::killRing),
                new Scenario("gang-close", "the scheduler of a gang's job is closed, and the job can go elsewhere",
                        false, GangScenarios::close),
                new Scenario("gang-move", "an entity is moved to the ring of another one of its gang", false,
                        GangScenarios::move),
                new Scenario("gang-back", "an entity that has a job of a gang is moved away and back", false,
                        GangScenarios::back));
    }

    private static void crossed(Stage stage) {
        GangSwitch gpu = GangSwitch.create("gpu");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageGang one = stage.gang(gpu).add(stage.entity("ax", x), new Job("ax")).add(stage.entity("ay", y),
                new Job("ay"));
        StageGang other = stage.gang(gpu).add(stage.entity("by", y), new Job("by")).add(stage.entity("bx", x),
                new Job("bx"));
        stage.task("a", () -> {
            var _ = one.commit();
        });
        stage.task("b", () -> {
            var _ = other.commit();
        });
    }

    private static void sameEntities(Stage stage) {
        GangSwitch gpu = GangSwitch.create("gpu");
        StageEntity x = stage.entity("x", stage.scheduler("x", Sharing.USUAL.credits(2)));
        StageEntity y = stage.entity("y", stage.scheduler("y", Sharing.USUAL.credits(2)));
        StageGang one = stage.gang(gpu).add(x, new Job("ax")).add(y, new Job("ay"));
        StageGang other = stage.gang(gpu).add(y, new Job("by")).add(x, new Job("bx"));
        stage.task("a", () -> {
            var _ = one.commit();
        });
        stage.task("b", () -> {
            var _ = other.commit();
        });
    }

    private static void besideJobs(Stage stage) {
        stage.watch();
        GangSwitch gpu = GangSwitch.create("gpu");
        StageEntity x = stage.entity("x", stage.scheduler("x", Sharing.USUAL.credits(2)));
        StageEntity y = stage.entity("y", stage.scheduler("y", Sharing.USUAL.credits(2)));
        StageGang gang = stage.gang(gpu).add(x, new Job("member")).add(y, new Job("leader"));
        stage.task("gang", () -> {
            var _ = gang.commit();
        });
        stage.task("jobs", () -> {
            PointFence first = x.submit(new Job("x1"));
            var _ = y.submit(new Job("y1"), first);
        });
    }

    private static void cancel(Stage stage) {
        stage.anyOutcome();
        stage.watch();
        GangSwitch gpu = GangSwitch.create("gpu");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        FenceIssuer input = stage.issuer("input");
        StageEntity member = stage.entity("ax", x);
        Job cancelled = new Job("ax");
        // The other one is the last to be ready, perhaps while the gang is given up.
        StageGang one = stage.gang(gpu).add(member, cancelled).add(stage.entity("ay", y), new Job("ay"),
                input.fence());
        StageGang other = stage.gang(gpu).add(stage.entity("by", y), new Job("by")).add(stage.entity("bx", x),
                new Job("bx"));
        stage.task("a", () -> {
            var _ = one.commit();
            boolean _ = input.signal();
        });
        stage.task("b", () -> {
            var _ = other.commit();
        });
        stage.task("canceller", () -> member.cancel(cancelled));
    }

    private static void kill(Stage stage) {
        stage.anyOutcome();
        stage.watch();
        GangSwitch gpu = GangSwitch.create("gpu");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageEntity killed = stage.entity("ay", y);
        StageGang one = stage.gang(gpu).add(stage.entity("ax", x), new Job("ax")).add(killed, new Job("ay"));
        StageGang other = stage.gang(gpu).add(stage.entity("by", y), new Job("by")).add(stage.entity("bx", x),
                new Job("bx"));
        stage.task("a", () -> {
            var _ = one.tryCommit();
        });
        stage.task("b", () -> {
            var _ = other.commit();
        });
        stage.task("killer", killed::kill);
    }

    private static void killRing(Stage stage) {
        stage.anyOutcome();
        stage.watch();
        GangSwitch gpu = GangSwitch.create("gpu");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageScheduler z = stage.scheduler("z", Sharing.USUAL.credits(1));
        StageEntity shared = stage.entity("ax", x);
        StageGang one = stage.gang(gpu).add(shared, new Job("ax")).add(stage.entity("ay", y), new Job("ay"));
        StageGang other = stage.gang(gpu).add(shared, new Job("bx")).add(stage.entity("bz", z), new Job("bz"));
        stage.task("gangs", () -> {
            var _ = one.tryCommit();
            var _ = other.commit();
        });
        stage.task("killer", y::kill);
    }

    private static void close(Stage stage) {
        GangSwitch gpu = GangSwitch.create("gpu");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageScheduler z = stage.scheduler("z", Sharing.USUAL.credits(1));
        StageEntity moves = stage.entity("moves", y, z);
        StageEntity stays = stage.entity("stays", x);
        StageGang one = stage.gang(gpu).add(stays, new Job("a1")).add(moves, new Job("a2"));
        StageGang other = stage.gang(gpu).add(moves, new Job("b1")).add(stays, new Job("b2"));
        stage.task("gangs", () -> {
            var _ = one.commit();
            var _ = other.commit();
        });
        stage.task("closer", y::startClose);
    }

    private static void move(Stage stage) {
        stage.anyOutcome();
        GangSwitch gpu = GangSwitch.create("gpu");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageEntity member = stage.entity("member", x);
        StageEntity moves = stage.entity("moves", y);
        StageGang one = stage.gang(gpu).add(member, new Job("a1")).add(moves, new Job("a2"));
        StageGang other =
                stage.gang(gpu).add(stage.entity("by", y), new Job("b1")).add(stage.entity("bx", x), new Job("b2"));
        stage.task("gangs", () -> {
            var _ = one.commit();
            var _ = other.commit();
        });
        stage.task("mover", () -> moves.get().setCandidates(List.of(x.get())));
    }

    private static void back(Stage stage) {
        GangSwitch gpu = GangSwitch.create("gpu");
        StageScheduler x = stage.scheduler("x", Sharing.USUAL.credits(1));
        StageScheduler y = stage.scheduler("y", Sharing.USUAL.credits(1));
        StageScheduler z = stage.scheduler("z", Sharing.USUAL.credits(1));
        StageEntity busy = stage.entity("busy", x);
        StageEntity moves = stage.entity("moves", x);
        StageGang gang = stage.gang(gpu).add(moves, new Job("member")).add(stage.entity("leads", z), new Job("leader"));
        stage.task("submitter", () -> {
            var _ = busy.submit(new Job("b1"));
            var _ = gang.commit();
            var _ = busy.submit(new Job("b2"));
        });
        stage.task("mover", () -> {
            moves.get().setCandidates(List.of(y.get()));
            moves.get().setCandidates(List.of(x.get()));
        });
    }
}
