package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;

/** The mistakes in recovery that the explorer must find. */
@SuppressWarnings("StringConcatToTextBlock") // the leading spaces matter
final class RecoveryMutations {

    private static final String CORE = "core/src/main/java/io/ringfence/";
    private static final String QUEUE = CORE + "queue/";
    private static final String SEAM = "io.ringfence.internal.seam.Seam.at(io.ringfence.internal.seam.Site.HALT);\n";

    private RecoveryMutations() {
    }

    static List<Mutation> all() {
        List<Mutation> all = new ArrayList<>();
        all.addAll(turns());
        all.addAll(verdicts());
        all.addAll(rewinding());
        all.addAll(epochs());
        all.addAll(watching());
        return all;
    }

    private static List<Mutation> turns() {
        return List.of(
                new Mutation("H14: a turn that stands still lets others in", CORE + "internal/turn/Turn.java",
                        "                    halted();\n                    return before;",
                        "                    halted();\n                    long _ = getAndAddCount(-seen);\n"
                                + "                    seen = 1;\n                    return before;",
                        "recovery-two-queues", 500),
                new Mutation("H14: a turn that is let go on is performed by nobody", QUEUE + "DomainQueues.java",
                        "core.runtime().threads().post(used.completion().letGo());",
                        "var _ = used.completion().letGo();",
                        "recovery-submit", 500),
                new Mutation("H14: a turn that has come to stand tells nobody", QUEUE + "CompletionTurn.java",
                        "    protected void halted() {\n        core.turnChanged();",
                        "    protected void halted() {\n        core.timeline();", "recovery-two-queues", 2000),
                new Mutation("H14: recovery does not wait for completion turns", QUEUE + "DomainQueues.java",
                        "\n                && (core.completion().isStanding() || core.completion().endedVolatile());",
                        ";", "recovery-two-queues", 2000),
                new Mutation("H14: a queue that joins does not look whether others stand still",
                        QUEUE + "Recovery.java", "if (active || queues.hasMissed(core)) {",
                        "if (queues.all().isEmpty()) {", "recovery-open", 5000),
                new Mutation("H14: a queue that joins has nobody look whether the others went on",
                        QUEUE + "Recovery.java", "and it lets go.\n            post();", "and it lets go.\n",
                        "recovery-open-nobody", 20000),
                new Mutation("H14: recovery lets nobody go on who has joined late", QUEUE + "Recovery.java",
                        "            // Whoever joined late stands perhaps.\n            queues.letLateOnesGo();\n", "",
                        "recovery-open", 20000),
                new Mutation("H14: a queue that stands with one turn only is let go without having been restarted",
                        QUEUE + "DomainQueues.java", "        members.forEach(this::letGoUnlessMissed);",
                        "        members.forEach(DomainQueues::letGo);", "recovery-open", 5000),
                new Mutation("H14: a queue that has ended is waited for, to be restarted", QUEUE + "DomainQueues.java",
                        " || core.issue().parkedVolatile()) {", ") {", "recovery-kill", 20000),
                new Mutation("H13: a frozen queue hands its next job over", QUEUE + "IssueTurn.java",
                        "        if (frozen) {\n            // Its last look",
                        "        if (seqno < 0) {\n            // Its last look",
                        "freeze", 500),
                new Mutation("H13: who thaws a queue brings no news", QUEUE + "Freeze.java",
                        "            boolean _ = known.signal();\n            core.issue().news();",
                        "            boolean _ = known.signal();", "freeze", 1000));
    }

    private static List<Mutation> verdicts() {
        return List.of(
                new Mutation("H5: the verdict comes before the harvest", QUEUE + "Recovery.java",
                        "        rewind.harvest();\n", "", "recovery-submit", 5000),
                new Mutation("H5: the last word of the device is not taken", QUEUE + "Recovery.java",
                        "        queues.forEachStanding(Rewind::harvest);\n", "", "recovery-two-queues", 2000),
                new Mutation("H5: one that is complete by the last word is guilty all the same",
                        QUEUE + "Recovery.java", "if (known && !asked.core().rewind().isUnfinished(named)) {",
                        "if (known && named < 0) {", "recovery-completion", 2000),
                new Mutation("H5: one that was not begun is guilty", QUEUE + "Recovery.java",
                        "guilty = begun ? named : 0;", "guilty = named;", "recovery-completion", 2000),
                new Mutation("H5: a fault of a former epoch has a job of the present one blamed",
                        QUEUE + "RecoveryRequest.java", " && core.epochVolatile() == epoch\n", "\n", "recovery-twice",
                        2000),
                new Mutation("H5: a queue that has ended has the others reset", QUEUE + "Recovery.java",
                        "return asked.core().lostVolatile() == null ? goOn() : quiesce();", "return quiesce();",
                        "recovery-end", 2000),
                new Mutation("H5: a queue is forgiven once more than it may be", QUEUE + "Recovery.java",
                        "if (hangs > core.options().hangLimit()) {", "if (hangs > core.options().hangLimit() + 1) {",
                        "recovery-ban", 500));
    }

    private static List<Mutation> rewinding() {
        return List.of(
                new Mutation("H4: issued does not go back", QUEUE + "Rewind.java",
                        "        core.issue().rewind(timeline.signaledPlain());\n",
                        "        timeline.signaledPlain();\n",
                        "recovery-two-queues", 1000),
                new Mutation("H4: what was complete behind the guilty one is run again", QUEUE + "IssueTurn.java",
                        "if (again && slots.hasPlain(seqno, Slots.DONE)) {",
                        "if (again && slots.hasPlain(seqno, Slots.HOLE)) {", "recovery-out-of-order", 1000),
                new Mutation("H4: what was begun is handed over again", QUEUE + "Rewind.java",
                        "} else if (hasStarted(seqno) && !isRepeatable(seqno)) {",
                        "} else if (hasStarted(seqno) && seqno < 0) {", "recovery-repeatable", 5000),
                new Mutation("H4: what can be repeated is a victim", QUEUE + "Rewind.java",
                        "!isRepeatable(seqno)) {", "seqno > 0) {", "recovery-repeatable", 5000),
                new Mutation("H4: the guilty one is no other than its victims", QUEUE + "Rewind.java",
                        "} else if (seqno == guilty) {", "} else if (seqno == -guilty) {", "recovery-submit", 500),
                new Mutation("H4: those behind the guilty one are not told that it failed", QUEUE + "Rewind.java",
                        "        core.completion().failOnDevice(seqno, why);\n        core.issue().failed(seqno);\n",
                        "        core.completion().failOnDevice(seqno, why);\n", "recovery-dependency", 2000),
                new Mutation("H4: a job that was cancelled on the device is handed over again",
                        QUEUE + "IssueTurn.java", "            cancelled.add(request);\n",
                        "            if (request.seqno > issued) {\n                cancelled.add(request);\n            }\n",
                        "recovery-cancel", 5000),
                new Mutation("H3: the device is asked to give up what was taken off it", QUEUE + "CompletionTurn.java",
                        "        CancelRequests.Request _ = aborts.takeAll();\n", "", "recovery-cancel-behind", 2000),
                new Mutation("H3: issued is looked at before the requests to give up are taken",
                        QUEUE + "CompletionTurn.java",
                        "        CancelRequests.Request request = aborts.anyVolatile() ? aborts.takeAll() : null;\n"
                                + "        for (; request != null; request = request.next) {\n"
                                + "            if (request.seqno > timeline.signaledPlain()) {",
                        "        " + SEAM
                                + "        CancelRequests.Request request = aborts.anyVolatile() ? aborts.takeAll() : null;\n"
                                + "        for (; request != null; request = request.next) {\n"
                                + "            if (request.seqno > timeline.signaledPlain() && request.seqno <= issued) {",
                        "cancel-behind-another", 20000),
                new Mutation("H4: a job that waited on the device is taken for one that still does",
                        QUEUE + "JobDependencies.java", "        onDevice = false;\n        asked", "        asked",
                        "recovery-device-wait", 5000),
                new Mutation("H15: what is handed over again pays again", QUEUE + "IssueTurn.java",
                        "int step = again ? RAN : credits.pay(", "int step = credits.pay(", "recovery-credits", 1000),
                new Mutation("H15: who is refused after a reset gives nothing back", QUEUE + "IssueTurn.java",
                        "        if (!again) {\n            step |= credits",
                        "        if (seqno > 0) {\n            step |= credits", "recovery-budget", 5000));
    }

    private static List<Mutation> epochs() {
        return List.of(
                new Mutation("H5: reports of a former epoch count", QUEUE + "CompletionTurn.java",
                        "PushedReports fresh = new PushedReports();", "PushedReports fresh = pushed;", "recovery-push",
                        5000),
                new Mutation("H11: the epoch begins before issued goes back", QUEUE + "Rewind.java",
                        "        core.issue().rewind(timeline.signaledPlain());\n        int epoch = core.beginEpoch();\n",
                        "        int epoch = core.beginEpoch();\n        " + SEAM
                                + "        core.issue().rewind(timeline.signaledPlain());\n",
                        "recovery-wait-across", 20000),
                new Mutation("H11: who leaves a wait to the device reads the epoch last", QUEUE + "NativeWaits.java",
                        "        return producer.isOnDevice(seqno) ? epoch : NOT_YET;\n",
                        "        boolean is = producer.isOnDevice(seqno);\n        " + SEAM
                                + "        return is ? producer.epochVolatile() : NOT_YET;\n",
                        "recovery-wait-across", 20000),
                new Mutation("H12: the device is not asked anew for an interrupt", QUEUE + "CompletionTurn.java",
                        "        arming.forget();\n", "", "recovery-compare", 2000));
    }

    private static List<Mutation> watching() {
        return List.of(
                new Mutation("H16: nobody puts a queue under the watchdog's eyes", QUEUE + "HangClock.java",
                        "                core.runtime().threads().watchdog().add(core);\n", "", "recovery-watchdog",
                        100),
                new Mutation("H10: nobody tells a driver that its device was given up", QUEUE + "CompletionTurn.java",
                        "            tellLoss();\n", "", "recovery-lost-waits", 500),
                new Mutation("H16: the watchdog does not look once more when it lets a queue go",
                        QUEUE + "Watchdog.java", "return !clock.isBusy() || !clock.isMine();", "return true;",
                        "recovery-idle", 20000),
                new Mutation("H16: a queue that was let go comes under no eyes again", QUEUE + "HangClock.java",
                        "        Seam.at(Site.WATCH);\n        watched = false;\n", "        Seam.at(Site.WATCH);\n",
                        "recovery-idle", 2000));
    }
}
