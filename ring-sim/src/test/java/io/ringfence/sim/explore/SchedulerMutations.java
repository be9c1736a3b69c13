package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;

/** The mistakes in the scheduler that the explorer must find. */
@SuppressWarnings("StringConcatToTextBlock") // the leading spaces matter
final class SchedulerMutations {

    private static final String SCHEDULER = "core/src/main/java/io/ringfence/scheduler/";
    private static final String TURN = SCHEDULER + "SchedulerTurn.java";
    private static final String ADMISSION = SCHEDULER + "Admission.java";
    private static final String RETURNED = SCHEDULER + "ReturnedJobs.java";
    private static final String ENTITY = SCHEDULER + "EntityCore.java";
    private static final String CORE = SCHEDULER + "SchedulerCore.java";

    private SchedulerMutations() {
    }

    static List<Mutation> all() {
        List<Mutation> all = new ArrayList<>();
        all.addAll(news());
        all.addAll(homes());
        all.addAll(jobs());
        return all;
    }

    private static List<Mutation> news() {
        return List.of(
                new Mutation("H17: an entity is looked at, then ready to be told of", TURN,
                        "        entity.looked();\n        if (entity.homeVolatile() == core) {\n            look(entity);\n",
                        "        if (entity.homeVolatile() == core) {\n            look(entity);\n"
                                + "            entity.looked();\n",
                        "scheduler-credits", 5000),
                new Mutation("H17: jobs that have come back are no news", RETURNED,
                        "turn != null && turn.enter() ? turn : null", "null", "scheduler-credits", 2000),
                new Mutation("H17: of jobs that come back together, the scheduler gets the last one", RETURNED,
                        "job.nextDone = newest;", "job.nextDone = null;", "scheduler-pipelined", 2000),
                new Mutation("H17: what arrives where its home is not any more is sent on by nobody", TURN,
                        "            // It has another home by now, or none, and whoever brought news meanwhile saw it in this"
                                + " list.\n            entity.wake();\n",
                        "            entity.name();\n", "scheduler-migrate", 20000),
                new Mutation("H13: who waits for an entity to get on is not told", ENTITY,
                        "            watch.tell();", "            watch.hashCode();", "scheduler-behind", 2000));
    }

    private static List<Mutation> homes() {
        return List.of(
                new Mutation("H17: an entity moves though jobs of it are on the device", TURN,
                        "boolean rests = entity.inFlight() == 0 && (!has || admission.mustGo(entity) "
                                + "&& admission.mayLeave(entity));",
                        "boolean rests = entity.inFlight() == 0 && !has || admission.mustGo(entity) "
                                + "&& admission.mayLeave(entity);",
                        "scheduler-candidates", 5000),
                new Mutation("H17: who is to come is settled without a second look", CORE,
                        "        } while (belongs != entity.home().belongsTo(this));",
                        "        } while (belongs && !belongs);", "scheduler-movers", 20000),
                new Mutation("H19: one that comes while its scheduler is closed is not told", CORE,
                        "        if (closing) {\n            // The closer may have come too early to find it.",
                        "        if (closing && !belongs) {\n            // The closer may have come too early to find it.",
                        "scheduler-add", 20000),
                new Mutation("H19: an entity that has ended stays with its scheduler", TURN,
                        "            entity.home().goesForGood();\n", "", "scheduler-kill", 2000));
    }

    private static List<Mutation> jobs() {
        return List.of(
                new Mutation("H15: credits of what has come back are lost", TURN,
                        "CREDITS_USED.setOpaque(this, creditsUsed - credits(job));",
                        "CREDITS_USED.setOpaque(this, creditsUsed);", "scheduler-credits", 200),
                new Mutation("H17: jobs of a guilty entity are handed over again", SCHEDULER + "HardwareRing.java",
                        "        if (guilty != null) {", "        if (guilty != null && guilty.isEmpty()) {",
                        "scheduler-hang", 2000),
                new Mutation("H1: a job that was refused counts as handed over", ENTITY,
                        "(long) HANDED.getAcquire(handed, (int) seqno & mask) == seqno", "seqno > 0",
                        "scheduler-cancelled-input", 20000),
                new Mutation("H17: a job is asked once what is to be prepared for it",
                        ADMISSION,
                        "            if (preparing == null) {\n                job.prepared = true;",
                        "            if (preparing == null || job.preparing != null) {\n                job.prepared = true;",
                        "scheduler-prepare", 2000),
                new Mutation("H17: a policy that throws takes entities with it", SCHEDULER + "RunQueue.java",
                        "        canRun.forEach(ready::add);\n", "", "scheduler-policy", 2000));
    }
}
