package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;

/** The mistakes that the explorer must find, by hazard. */
@SuppressWarnings("StringConcatToTextBlock") // the leading spaces matter
final class Mutations {

    private static final String CORE = "core/src/main/java/io/ringfence/";
    private static final String QUEUE = CORE + "queue/";
    private static final String INTERNAL = CORE + "internal/";
    private static final String SIM = "ring-sim/src/main/java/io/ringfence/sim/";

    private Mutations() {
    }

    static List<Mutation> all() {
        List<Mutation> all = new ArrayList<>();
        all.addAll(outcomes());
        all.addAll(ownership());
        all.addAll(turns());
        all.addAll(atOnce());
        all.addAll(waiters());
        all.addAll(flow());
        all.addAll(ends());
        all.addAll(deviceWaits());
        all.addAll(firmware());
        all.addAll(RecoveryMutations.all());
        all.addAll(SchedulerMutations.all());
        all.addAll(GangMutations.all());
        return all;
    }

    private static List<Mutation> outcomes() {
        return List.of(
                new Mutation("H1: an elided dependency is not asked for its outcome", QUEUE + "JobDependencies.java",
                        "isOwn(fence) ? failures.has((PointFence) fence) : fence.failure() != null",
                        "!isOwn(fence) && fence.failure() != null", "failed-before-it", 200),
                new Mutation("H1: who has nothing left to wait for does not ask again for jobs of his own queue",
                        QUEUE + "JobDependencies.java", "            isFinal &= !isOwn(fence);\n", "",
                        "failed-before-it-and-input",
                        500),
                new Mutation("H1: outcomes of inputs are not asked again when a job is complete",
                        QUEUE + "Settlement.java", "                && named.failed(this)) {",
                        "                && named.failed(this) && !Seam.ON) {", "failed-before-it", 200),
                new Mutation("H2: a batch claims against the order of addition", QUEUE + "BatchCommit.java",
                        "        while (claimed < members.length) {\n            int from = claimed;",
                        "        for (int i = members.length - 1; i >= 0; i--) {\n"
                                + "            seqnos[i] = members[i].queue().core().claim().claim(1);\n"
                                + "            claimed = members.length;\n        }\n"
                                + "        while (claimed < members.length) {\n            int from = claimed;",
                        "crossed-batches", 2000),
                new Mutation("H2: what a batch has claimed in vain is not published", QUEUE + "BatchCommit.java",
                        "                        publishHoles(claimed, false);\n", "", "batch-beside-close", 2000),
                new Mutation("H9: a failure is told to nobody", QUEUE + "Settlement.java",
                        "                fence.failed(failure);", "                failure.message();", "poll", 100),
                new Mutation("H10: a job that will not run does not wait for its inputs", QUEUE + "IssueTurn.java",
                        "        // A queue whose own code broke does not count on any news.\n",
                        "        if (payload != null && refusal(seqno) instanceof Failure early) {\n"
                                + "            slots.extraPlain(seqno, early);\n"
                                + "            return refuse(slots, seqno, core.payload(payload), again);\n        }\n",
                        "kill-and-input", 1000));
    }

    private static List<Mutation> ownership() {
        return List.of(
                new Mutation("H3: of two who use a queue first, each has workings of his own", QUEUE + "QueueCore.java",
                        "(Workings<P>) WORKINGS.compareAndExchange(this, (Workings<?>) null, made);",
                        "null;\n        workings = made;", "two-producers", 200),
                new Mutation("H3: a claim is two steps", INTERNAL + "ring/ClaimCursor.java",
                        "if (CLAIMED.compareAndSet(this, last, last + count)) {",
                        "CLAIMED.setVolatile(this, last + count);\n            if (last >= 0) {", "two-producers", 200),
                new Mutation("H3: slots are cleared after the counter has passed them", QUEUE + "Settlement.java",
                        "            timeline.signaledVolatile(through);\n",
                        "            timeline.signaledVolatile(through);\n"
                                + "            Seam.at(Site.FINISHED);\n"
                                + "            for (long late = from + 1; late <= through; late++) {\n"
                                + "                core.slots().clearPlain(late);\n            }\n",
                        "full-ring", 2000),
                new Mutation("H3: what the device reports beyond issued is finished at once",
                        QUEUE + "CompletionTurn.java", "            report |= advance(issued, Long.MAX_VALUE);",
                        "            report |= advance(core.claim().claimedVolatile(), Long.MAX_VALUE);", "at-once",
                        1000),
                new Mutation("H3: a report beyond issued is forgotten", QUEUE + "CompletionTurn.java",
                        "                parts.issue().deviceAhead(true);\n", "", "at-once", 2000),
                new Mutation("H3: a mark on a slot is no news", QUEUE + "IssueTurn.java",
                        "(report & (MARKED | BLOCKED | ABORT | PARKED)) != 0",
                        "(report & (BLOCKED | ABORT | PARKED)) != 0", "run-throws", 2000),
                new Mutation("H3: what was run while the device was found to be lost stays pending",
                        QUEUE + "CompletionTurn.java",
                        "            beyond = true;\n        }\n    }\n\n    @Override\n    protected void halted",
                        "        }\n    }\n\n    @Override\n    protected void halted", "lost-beside-run", 40000));
    }

    private static List<Mutation> turns() {
        return List.of(
                new Mutation("H13: no news when somebody seems to be inside", QUEUE + "Submitter.java",
                        "        issue.news();\n        enableSignalling(named);\n        harvest(seqno);",
                        "        if (issue.newsOpaque() == 0) {\n            issue.news();\n        }\n"
                                + "        enableSignalling(named);\n        harvest(seqno);",
                        "two-producers", 2000),
                new Mutation("H13: who leaves a turn forgets the news that came", INTERNAL + "turn/Turn.java",
                        "            long left = getAndAddCount(-counted) - counted;",
                        "            long left = getAndAddCount(-countOpaque()) * 0;", "two-producers", 2000),
                new Mutation("H13: a head without credits has nobody armed", QUEUE + "IssueCredits.java",
                        "return known ? IssueTurn.WAIT : waits(IssueTurn.BLOCKED);", "return IssueTurn.WAIT;",
                        "credits", 1000),
                new Mutation("H13: the device is not polled once more after it was armed",
                        QUEUE + "CompletionTurn.java",
                        "            lose(parts.faults().broken(\"arm\", thrown));\n        }\n        return true;",
                        "            lose(parts.faults().broken(\"arm\", thrown));\n        }\n        return false;",
                        "poll",
                        2000),
                new Mutation("H12: what a device pushes is only a poll", QUEUE + "EpochLink.java",
                        "        } else {\n            core.completion().news();\n        }",
                        "        } else {\n            core.completion().poll();\n        }", "push", 2000),
                new Mutation("H6: turns are taken inside turns", INTERNAL + "turn/Turn.java",
                        "            if (UserCode.isNested(token)) {", "            if (token < 0) {",
                        "submits-in-callback", 500),
                new Mutation("H13: the firmware does not look once more before it sleeps",
                        SIM + "firmware/DoorbellIdle.java", "if (!agent.hasWork() && !closed) {", "if (!closed) {",
                        "firmware", 3000));
    }

    /** A queue finishes its jobs at once, for another one's issue turn. */
    private static List<Mutation> atOnce() {
        String turn = QUEUE + "CompletionTurn.java";
        return List.of(
                new Mutation("H13: who leaves a turn at once forgets the news that came", INTERNAL + "turn/Turn.java",
                        "        if (news == 0) {\n            return true;\n        }\n        seen = news;\n        return false;",
                        "        return news >= 0;", "complete-input", 5000),
                new Mutation("H13: who finishes an input at once tells nobody of the credits", turn,
                        "            return owed == 0 && !beyond", "            return !beyond", "complete-input",
                        5000),
                new Mutation("H13: who finishes an input at once tells nobody who waits", turn,
                        "settlement.isNobodyTold() && ", "", "complete-input-awaited", 5000),
                new Mutation("H13: who finishes the last input of all does not say that it was the last", turn,
                        " && !isAtItsEnd()\n", "\n", "complete-input-closed", 5000),
                new Mutation("H13: who finishes an input at once leaves one behind that waits for others", turn,
                        "!beyond && !settlement.isHeldUp() && ", "!beyond && ", "complete-input-held-up",
                        5000),
                new Mutation("H13: a job whose input was finished at once is not looked at again",
                        QUEUE + "IssueTurn.java", "            Deferred.run(newsLater());\n", "",
                        "complete-input", 5000));
    }

    private static List<Mutation> waiters() {
        return List.of(
                new Mutation("H13: who waits does not look once more after he has registered",
                        INTERNAL + "timeline/TimelineState.java",
                        "        if (signaledVolatile() >= seqno && waiter.decide()) {\n            stacks.withdraw(waiter);\n            return false;",
                        "        if (seqno < 0 && waiter.decide()) {\n            stacks.withdraw(waiter);\n            return false;",
                        "await-on-queue", 5000),
                new Mutation("H20: who gives up takes others with him", INTERNAL + "waiting/WaiterStacks.java",
                        "TOP.compareAndSet(tops, index, waiter, WaiterChain.undecided(waiter));",
                        "TOP.setVolatile(tops, index, null);", "await-on-queue", 5000),
                new Mutation("H13: a fence that was signalled while a job registered is not counted",
                        QUEUE + "JobDependencies.java", "if (node == null || !fences[i].addWaiter(node)) {",
                        "if (node == null || !fences[i].addWaiter(node) && named.length > 9) {",
                        "signal-beside-submit", 2000),
                new Mutation("H20: a waiter that came too late hides the others", QUEUE + "Arming.java",
                        "            waited = done;\n", "", "await-on-queue", 20000),
                new Mutation("H21: who leaves the line tells nobody", QUEUE + "SubmitterLine.java",
                        "        wakeFirst();\n        return true;", "        return true;", "full-ring", 500),
                new Mutation("H2: who gives up a lock wakes nobody", INTERNAL + "waiting/FifoLock.java",
                        "            Seam.unpark(first.thread);\n", "", "reservations", 3000));
    }

    private static List<Mutation> flow() {
        return List.of(
                new Mutation("H15: credits come back to the budget twice", QUEUE + "Settlement.java",
                        "shared.giveBack(credits)", "shared.giveBack(credits * 2)", "small-budget", 100),
                new Mutation("H15: who waits for a budget does not say so", QUEUE + "IssueCredits.java",
                        "return waits(first ? IssueTurn.BUDGET | IssueTurn.BUDGET_FIRST : IssueTurn.BUDGET);",
                        "return waits(0);", "small-budget", 500),
                new Mutation("H15: who waits for a budget has nobody armed", QUEUE + "IssueCredits.java",
                        "return waits(first ? IssueTurn.BUDGET | IssueTurn.BUDGET_FIRST : IssueTurn.BUDGET);",
                        "return waits(IssueTurn.BUDGET);", "small-budget", 5000),
                new Mutation("H15: what was granted to a killed queue is kept", QUEUE + "IssueCredits.java",
                        "            return shared.giveBack(cost) ? IssueTurn.BUDGET : IssueTurn.WAIT;",
                        "            return IssueTurn.WAIT;",
                        "budget-and-kill", 20000),
                new Mutation("H15: credits of a queue come back twice", QUEUE + "Settlement.java",
                        "creditsReturned + slots.creditsPlain(seqno)",
                        "creditsReturned + 2 * slots.creditsPlain(seqno)",
                        "credits", 200),
                new Mutation("H15: credits of jobs of which nothing is told come back twice", QUEUE + "Settlement.java",
                        "returned += slots.creditsPlain(seqno);", "returned += 2 * slots.creditsPlain(seqno);",
                        "at-once", 200));
    }

    private static List<Mutation> ends() {
        return List.of(
                new Mutation("H19: a queue ends although jobs are claimed", QUEUE + "Workings.java",
                        "return claim.closedVolatile() && claim.claimedVolatile() == issued &&",
                        "return claim.closedVolatile() && claim.claimedVolatile() >= issued &&", "close-beside-submit",
                        2000),
                new Mutation("H19: closing overwrites a claim", INTERNAL + "ring/ClaimCursor.java",
                        "        return (long) CLAIMED.getAndBitwiseOr(this, CLOSED_BIT) >= 0;",
                        "        long known = (long) CLAIMED.getVolatile(this);\n        Seam.at(Site.CLOSE);\n"
                                + "        CLAIMED.setVolatile(this, known | CLOSED_BIT);\n        return known >= 0;",
                        "close-beside-submit", 2000),
                new Mutation("H10: who cancels before the last input is signalled may come too late",
                        QUEUE + "IssueTurn.java", "        if (dependencies != null) {\n",
                        "        if (dependencies == null) {\n",
                        "cancel", 5000),
                new Mutation("H13: a queue does not look out for who cancels", QUEUE + "QueueCore.java",
                        "        used.issue().beWary();\n", "", "cancel-on-device", 500),
                new Mutation("H13: a queue does not look out for who closes", QUEUE + "QueueEnd.java",
                        "        core.issue().beWary();\n", "", "cancel", 5000),
                new Mutation("H13: a queue does not look out for who freezes it", QUEUE + "Freeze.java",
                        "        core.issue().beWary();\n", "", "freeze", 5000),
                new Mutation("H13: a queue does not look out for what is handed over once more",
                        QUEUE + "IssueTurn.java",
                        "        beWary();\n        replayThrough", "        replayThrough", "recovery-two-queues",
                        5000),
                new Mutation("H13: a queue does not look out for who stops it", QUEUE + "QueueFaults.java",
                        "        parts.issue().beWary();\n", "", "lost-beside-run", 40000),
                new Mutation("H13: a queue does not look out for heads that wait for it", QUEUE + "IssueTurn.java",
                        "        beWary();\n        watch.add", "        watch.add", "device-wait-hangs", 2000),
                new Mutation("H10: a cancel is no news", QUEUE + "QueueCore.java",
                        "was cancelled\")));\n        used.issue().news();", "was cancelled\")));", "cancel-on-device",
                        500),
                new Mutation("H19: a queue ends before its last retire hook", QUEUE + "Retirements.java",
                        "        last = end;\n        return done();",
                        "        last = end;\n        outstanding.decrementAndGet();\n        return end;",
                        "retire-deferred", 2000),
                new Mutation("H19: a queue that is opened while its client is killed lives on", QUEUE + "Client.java",
                        "        Consumer<QueueEnd<?>> end = ending;\n",
                        "        Consumer<QueueEnd<?>> end = opened > 9 ? ending : null;\n", "client-killed", 3000));
    }

    private static List<Mutation> deviceWaits() {
        return List.of(
                new Mutation("H11: a job is left to the device before its producer was handed over",
                        QUEUE + "NativeWaits.java", "producer.isOnDevice(seqno) ? epoch : NOT_YET;", "epoch;",
                        "device-wait-hangs", 500),
                new Mutation("H11: a producer that never reaches the device is waited for there",
                        QUEUE + "QueueCore.java", "issue.issuedVolatile() >= seqno && !issue.hasRefused(seqno);",
                        "issue.issuedVolatile() >= seqno;", "device-wait-fails", 2000),
                new Mutation("H11: the mark of a producer that never reaches the device comes after issued",
                        QUEUE + "IssueTurn.java", "                    ISSUED.setRelease(this, seqno);",
                        "                    ISSUED.setRelease(this, seqno);\n"
                                + "                    long[] marks = parts.failureMarks();\n"
                                + "                    int place = (int) seqno & (marks.length - 1);\n"
                                + "                    long mark = marks[place];\n"
                                + "                    marks[place] = 0;\n"
                                + "                    Seam.at(Site.ISSUED);\n"
                                + "                    marks[place] = mark;",
                        "device-wait-fails", 10000),
                new Mutation("H11: who waits on the device is signalled before its input",
                        QUEUE + "Settlement.java",
                        "if (waited != null && !waited.allDone() && ", "if (waited != null && seqno < 0 && ",
                        "device-wait", 500),
                new Mutation("H11: the same, of one that only names the one its device waits for",
                        QUEUE + "Settlement.java", "        if (named.allDone()) {", "        if (seqno > 0) {",
                        "device-wait-words", 500),
                new Mutation("H11: the failure of what the device waited for is not passed on",
                        QUEUE + "Settlement.java", "            return named.isOneOk();", "            return true;",
                        "device-wait-words", 500),
                new Mutation("H13: who had the producers look does not look again", QUEUE + "Settlement.java",
                        "        after.append(again);\n", "", "device-wait-row", 5000),
                new Mutation("H13: who looked again in vain waits for nothing", QUEUE + "Settlement.java",
                        "        if (!waited.finishProducers(this) || waited.allDone()) {\n            return waited.inputsSettled();",
                        "        if (!waited.finishProducers(this) || waited.allDone()) {\n            return waited.allDone();",
                        "device-waits", 5000),
                new Mutation("H10: who had another one finish first keeps what it has finished itself to the end",
                        QUEUE + "Settlement.java", "            timeline.signaledVolatile(through);\n",
                        "            if (unsettled == null) {\n                timeline.signaledVolatile(through);\n            }\n",
                        "device-wait-row", 5000),
                new Mutation("H13: credits that came back while another one held the turn are told to nobody",
                        QUEUE + "CompletionTurn.java", "        int report = owed;\n", "        int report = 0;\n",
                        "device-waits", 20000),
                new Mutation("H13: credits that came back in step are told to nobody", QUEUE + "CompletionTurn.java",
                        "        owed |= newsOfFinished();\n", "", "device-wait-steps", 20000),
                new Mutation("H11: steps go beyond what the device has told", QUEUE + "CompletionTurn.java",
                        "return mayFinishAhead() ? Math.min(seenIssued, deviceDone) : 0;",
                        "return mayFinishAhead() ? seenIssued : 0;", "device-wait-steps", 5000),
                new Mutation("H13: who finds a poll on its way counts on it", QUEUE + "Settlement.java",
                        "he would not look.\n            return waited.inputsSettled();",
                        "he would not look.\n            return false;", "device-wait-polls", 40000),
                new Mutation("H13: who is handed over tells no head that waits for it", QUEUE + "IssueTurn.java",
                        "(report & (RAN | MARKED | PARKED)) != 0 && wary && watch.anyVolatile()",
                        "(report & PARKED) != 0 && watch.anyVolatile()", "device-wait-hangs", 2000),
                new Mutation("H13: who tells a head forgets those that it held aside meanwhile",
                        QUEUE + "IssueTurn.java",
                        "while (watch.anyVolatile() && issuedVolatile() != told);", "while (told < 0);",
                        "device-wait-next", 20000),
                new Mutation("H13: a head does not look once more after it has asked to be told",
                        QUEUE + "JobDependencies.java", "if (!register() && natives == null) {", "if (!register()) {",
                        "device-wait-hangs", 2000),
                new Mutation("H13: the last input of a job on the device is news for the issue turn only",
                        QUEUE + "JobDependencies.java", "job.onDevice ? job.completion : job.issue;", "job.issue;",
                        "device-wait-both", 2000),
                new Mutation("H13: who signals an input looks whose turn it is before he counts down",
                        QUEUE + "JobDependencies.java",
                        "            if ((int) PENDING.getAndAdd(job, -1) != 1) {\n                return null;\n            }\n"
                                + "            // A job that is handed over meanwhile is looked at after that, by a turn that finds everything signalled.\n"
                                + "            Turn turn = job.onDevice ? job.completion : job.issue;\n",
                        "            Turn turn = job.onDevice ? job.completion : job.issue;\n"
                                + "            Seam.at(io.ringfence.internal.seam.Site.WAITER_DECIDE);\n"
                                + "            if ((int) PENDING.getAndAdd(job, -1) != 1) {\n                return null;\n            }\n",
                        "device-wait-both", 20000),
                new Mutation("H10: a cancelled job does not wait for the input that it would have left to the device",
                        QUEUE + "IssueTurn.java", "|| dependencies.inputsSettled();",
                        "|| dependencies.deviceWaits() != null || dependencies.inputsSettled();", "device-wait-cancel",
                        2000));
    }

    private static List<Mutation> firmware() {
        return List.of(
                new Mutation("H23: a ring that is away is not looked at once more",
                        SIM + "firmware/GroupScheduler.java",
                        "        group.goesAway();\n        if (!group.isIdle()) {",
                        "        boolean idle = group.isIdle();\n        group.goesAway();\n        if (!idle) {",
                        "firmware-one-slot", 3000),
                new Mutation("H13: the firmware looks at the bits before it takes the news",
                        SIM + "firmware/Requests.java",
                        "            // Because of what was done just now, and for stamps that the host has written.\n",
                        "            Seam.at(Site.DEVICE);\n            memory.longVolatile(RingLayout.NEWS_OFFSET, 0);\n",
                        "firmware-one-slot", 3000),
                new Mutation("H13: the host sets the news before the bit", SIM + "host/HostSide.java",
                        "        memory.orLong(word, 1L << ring);\n        Seam.at(Site.DEVICE);\n"
                                + "        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);",
                        "        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);\n        Seam.at(Site.DEVICE);\n"
                                + "        memory.orLong(word, 1L << ring);",
                        "firmware-one-slot", 3000),
                new Mutation("H13: who finds somebody reading events goes away uncounted",
                        SIM + "host/EventReader.java",
                        "            seen = asked.addAndGet(-seen);",
                        "            Seam.at(Site.DEVICE);\n            asked.set(0);\n            seen = 0;",
                        "firmware-diagnosis", 5000),
                new Mutation("H11: a ring that is banned lets nobody go", SIM + "firmware/Context.java",
                        "return banned ? Waits.State.FAILED : Waits.State.PENDING;", "return Waits.State.PENDING;",
                        "firmware-ban", 500),
                new Mutation("H11: a ring that is reset lets nobody go", SIM + "firmware/Waits.java",
                        "if (producer == null || !isAfter(producer.epoch(), epoch)) {",
                        "if (producer == null || epoch >= 0) {", "firmware-reset", 200),
                new Mutation("X3: a request is answered to nobody", SIM + "firmware/Requests.java",
                        "            answer(context, request, carryOut(kind, context, epoch, now));",
                        "            int result = carryOut(kind, context, epoch, now);\n"
                                + "            if (kind != RequestKind.RESUME) {\n"
                                + "                answer(context, request, result);\n            }",
                        "firmware-requests", 200));
    }
}
