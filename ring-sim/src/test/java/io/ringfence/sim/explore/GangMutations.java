package io.ringfence.sim.explore;

import java.util.List;

/** The mistakes with gangs that the explorer must find. */
@SuppressWarnings("StringConcatToTextBlock") // the leading spaces matter
final class GangMutations {

    private static final String CORE = "core/src/main/java/io/ringfence/";
    private static final String SCHEDULER = CORE + "scheduler/";
    private static final String RUN = SCHEDULER + "GangRun.java";
    private static final String SWITCH = SCHEDULER + "GangSwitch.java";

    private GangMutations() {
    }

    static List<Mutation> all() {
        return List.of(
                new Mutation("H2: a gang takes its places though others came between them",
                        CORE + "queue/BatchCommit.java", "full = batch.isTogether() ? between() : null;",
                        "full = null;", "gang-same-entities", 500),
                new Mutation("H2: a gang looks for others where it was last only", CORE + "queue/BatchCommit.java",
                        "    private @Nullable JobQueue<?> between() {\n        for (int i = 0; i < members.length; i++) {",
                        "    private @Nullable JobQueue<?> between() {\n"
                                + "        for (int i = members.length - 1; i < members.length; i++) {",
                        "gang-beside-jobs", 5000),
                new Mutation("H13: who is last to be ready does not look whether the gang is first in line", RUN,
                        "        } else if (device.isFirst(this)) {\n            wake();\n        }", "        }",
                        "gang-crossed", 100),
                new Mutation("H13: a gang that is given up while it gets into line stays there", RUN,
                        "        if (broken != null) {\n            device.leave(this);\n        } else if",
                        "        if", "gang-cancel", 20000),
                new Mutation("H13: who leaves the line lets nobody look", SWITCH,
                        "            if (next != null) {\n                next.wake();\n            }\n", "",
                        "gang-crossed", 500),
                new Mutation("H13: who leaves the line looks first who is the next", SWITCH,
                        "        if (line.remove(gang)) {\n            Seam.at(Site.SCHEDULE);\n            @Nullable\n"
                                + "            GangRun next = line.peek();\n",
                        "        @Nullable\n        GangRun next = line.stream().skip(1).findFirst().orElse(null);\n"
                                + "        Seam.at(Site.SCHEDULE);\n        if (line.remove(gang)) {\n",
                        "gang-crossed", 20000),
                new Mutation("H13: the one that leads is not told that the others were handed over", RUN,
                        "            leader.entity.wake();", "            leader.toString();", "gang-crossed", 500),
                new Mutation("H2: gangs are handed over side by side", SWITCH, "return line.peek() == gang;",
                        "return line.contains(gang);", "gang-crossed", 5000),
                new Mutation("H10: a gang is given up, but not what was handed over of it", RUN,
                        "                if (other != job) {\n                    abort(other);",
                        "                if (other != job) {\n                    other.entity.wake();",
                        "gang-kill-ring",
                        2000),
                new Mutation("H10: a job that never got from its ring to the device is none of the others' business",
                        SCHEDULER + "SchedulerTurn.java", "        if (gang != null && ran) {",
                        "        if (gang != null && job.hardwareSeqno == 0) {", "gang-cancel", 2000),
                new Mutation("H17: jobs of a gang that come to one ring wait for each other", RUN,
                        "        if (home != null && isShared(home, job)) {", "        if (home == null) {",
                        "gang-move",
                        500));
    }
}
