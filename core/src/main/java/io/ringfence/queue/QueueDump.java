package io.ringfence.queue;

import java.util.concurrent.TimeUnit;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Turn;
import io.ringfence.internal.waiting.WaiterStacks;
import io.ringfence.queue.QueueStatus.Recoveries;
import io.ringfence.queue.QueueStatus.Waits;

import org.jspecify.annotations.Nullable;

/**
 * Tells people where a queue stands. Everything is read while the queue goes on, each word by itself: what is printed was so at
 * some moment, not all of it at the same one.
 */
final class QueueDump {

    /** Of many alike, so many are shown. */
    private static final int SHOWN = 16;
    private static final int TEXT = 80;
    private static final String FREE = "free";
    private static final String INDENT = System.lineSeparator() + "  ";

    private final QueueCore<?> core;
    /** Null for a queue that nobody has used. */
    private final @Nullable Workings<?> used;
    private final StringBuilder text = new StringBuilder();
    private final long now = Seam.nanoTime();

    private QueueDump(QueueCore<?> core, @Nullable Workings<?> used) {
        this.core = core;
        this.used = used;
    }

    static QueueStatus status(QueueCore<?> core) {
        return status(core, core.workingsVolatile());
    }

    private static QueueStatus status(QueueCore<?> core, @Nullable Workings<?> used) {
        if (used == null) {
            return new QueueStatus(core.options().name(), 0, 0, 0, 0, Waits.NOTHING, 0, false,
                    new Recoveries(core.epochVolatile(), 0, 0, 0, 0));
        }
        // From the last to the first, so that none seems to have passed the one before it.
        long finished = core.timelineState().signaledVolatile();
        long issued = used.issue().issuedVolatile();
        long claimed = used.claim().claimedVolatile();
        return new QueueStatus(core.options().name(), finished, issued, claimed, core.failedJobsOpaque(),
                waits(used, issued, claimed), used.line().length(), used.claim().closedVolatile(),
                recoveries(core.epochVolatile(), used.rewind()));
    }

    private static Recoveries recoveries(int resets, Rewind<?> rewind) {
        return new Recoveries(resets, rewind.hangsVolatile(), rewind.falseAlarmsVolatile(),
                rewind.replayedVolatile(), rewind.victimsVolatile());
    }

    private static Waits waits(Workings<?> used, long issued, long claimed) {
        Slots slots = used.slotsAcquire();
        if (slots == null || issued == claimed) {
            return Waits.NOTHING;
        }
        if (!slots.publishedAcquire(issued + 1)) {
            return used.issue().issuedVolatile() == issued ? Waits.PUBLICATION : Waits.NOTHING;
        }
        if (pendingOf(slots, issued + 1) != null) {
            return Waits.DEPENDENCIES;
        }
        if (used.issue().credits().blockedVolatile()) {
            return Waits.CREDITS;
        }
        return used.issue().credits().waitsForBudgetVolatile() > 0 ? Waits.BUDGET : Waits.NOTHING;
    }

    private static @Nullable Fence pendingOf(Slots slots, long seqno) {
        return slots.extraPlain(seqno) instanceof JobDependencies named ? named.waitsFor() : null;
    }

    /** One line: the cursors and what the head waits for. */
    static String line(QueueCore<?> core) {
        QueueDump dump = new QueueDump(core, core.workingsVolatile());
        dump.cursors(status(core, dump.used));
        return dump.text.toString();
    }

    /** Everything. */
    static String of(QueueCore<?> core) {
        QueueDump dump = new QueueDump(core, core.workingsVolatile());
        QueueStatus status = status(core, dump.used);
        dump.cursors(status);
        dump.credits();
        dump.turns();
        dump.recovery(status.recovery());
        dump.preemption();
        dump.head(status);
        dump.device(status);
        dump.waiting(status);
        dump.line();
        return dump.text.toString();
    }

    private void cursors(QueueStatus status) {
        text.append("queue ").append(core.timeline()).append(": finished ").append(status.finished())
                .append(", issued ")
                .append(status.issued()).append(", claimed ").append(status.claimed());
        if (status.failed() != 0) {
            text.append(", failed ").append(status.failed());
        }
        if (status.closed()) {
            text.append(", closed");
        }
        if (status.inLine() != 0) {
            text.append(", ").append(status.inLine()).append(" submitters wait for room");
        }
        Failure why = used == null ? null : used.faults().stoppedVolatile();
        if (why != null) {
            text.append(", stopped: ").append(why.message());
        }
        long head = status.issued() + 1;
        switch (status.waits()) {
            case DEPENDENCIES -> {
                Slots slots = core.slotsAcquire();
                Fence fence = slots == null ? null : pendingOf(slots, head);
                text.append(", seqno ").append(head).append(" waits for ").append(fence);
            }
            case CREDITS -> text.append(", seqno ").append(head).append(" waits for credits");
            case BUDGET -> text.append(", seqno ").append(head).append(" waits for ")
                    .append(core.issue().credits().waitsForBudgetVolatile()).append(" credits of budget ")
                    .append(budgetName());
            case PUBLICATION -> text.append(", seqno ").append(head).append(" is claimed and not published yet");
            case NOTHING -> {
                // There is nothing to say.
            }
        }
    }

    private String budgetName() {
        CreditBudget budget = core.options().budget();
        return budget == null ? "none" : budget.name();
    }

    private void credits() {
        text.append(INDENT).append("credits: ").append(used == null ? 0 : used.issue().credits().inUseOpaque())
                .append(" of ")
                .append(core.options().credits()).append(" in use");
        CreditBudget budget = core.options().budget();
        if (budget != null) {
            text.append("; ").append(budget);
        }
        if (core.retiring() != 0) {
            text.append("; ").append(core.retiring()).append(" finished jobs wait for their retire hook");
        }
    }

    private void turns() {
        boolean ended = used != null && used.issue().parkedVolatile();
        text.append(INDENT).append("issue turn: ").append(used == null ? FREE : turn(used.issue(), ended))
                .append("; completion turn: ").append(used == null ? FREE : turn(used.completion(), ended));
    }

    private void recovery(Recoveries all) {
        HangClock clock = core.clock();
        if (clock != null && clock.executedVolatile() != 0) {
            text.append(INDENT).append("no progress on the device for ")
                    .append(HangClock.millis(clock.executedVolatile())).append(" ms");
        }
        if (all.resets() != 0 || all.falseAlarms() != 0) {
            text.append(INDENT).append("recovery: ").append(all.resets()).append(" resets, ").append(all.hangs())
                    .append(" guilty jobs, ").append(all.falseAlarms()).append(" false alarms, ")
                    .append(all.replayed()).append(" jobs handed over again, ").append(all.victims())
                    .append(" innocent victims");
        }
    }

    private void preemption() {
        Preemption<?> known = core.preemptionVolatile();
        if (known != null) {
            known.describe(text.append(INDENT));
        }
    }

    private static String turn(Turn turn, boolean ended) {
        long news = turn.newsOpaque();
        if (ended || news == 0) {
            return ended ? "ended" : FREE;
        }
        if (turn.isStanding()) {
            return "standing still for recovery, news " + news;
        }
        Thread holder = turn.holderVolatile();
        return "taken" + (holder == null ? "" : " by thread " + holder.getName() + "#" + holder.threadId()) + ", news "
                + news;
    }

    private void head(QueueStatus status) {
        long head = status.issued() + 1;
        Slots slots = core.slotsAcquire();
        if (slots == null || status.waits() == Waits.NOTHING) {
            return;
        }
        switch (status.waits()) {
            case DEPENDENCIES -> {
                if (slots.extraPlain(head) instanceof JobDependencies named) {
                    text.append(INDENT).append("seqno ").append(head).append(" waits ").append(since(named.since()))
                            .append(" for:");
                    fences(named);
                }
            }
            case CREDITS, BUDGET -> text.append(INDENT).append("seqno ").append(head).append(", which costs ")
                    .append(slots.creditsPlain(head)).append(", waits ")
                    .append(since(core.issue().credits().headSinceVolatile()))
                    .append(" for ").append(status.waits() == Waits.BUDGET ? "the budget" : "credits");
            default -> {
                // The first line says it.
            }
        }
    }

    private void fences(JobDependencies named) {
        int[] seen = {0};
        named.forEachPending(fence -> {
            if (seen[0]++ < SHOWN) {
                text.append(INDENT).append("  ").append(fence);
            }
        });
        more(seen[0]);
    }

    private void more(int all) {
        if (all > SHOWN) {
            text.append(INDENT).append("  and ").append(all - SHOWN).append(" more");
        }
    }

    private void device(QueueStatus status) {
        text.append(INDENT).append("on the device: ").append(status.onDevice());
        jobs(status.finished() + 1, status.issued());
    }

    private void waiting(QueueStatus status) {
        text.append(INDENT).append("waiting: ").append(status.claimed() - status.issued());
        jobs(status.issued() + 1, status.claimed());
    }

    private void jobs(long from, long through) {
        Slots slots = core.slotsAcquire();
        if (slots == null) {
            return;
        }
        for (long seqno = from; seqno <= Math.min(through, from + SHOWN - 1); seqno++) {
            if (slots.publishedAcquire(seqno)) {
                Object job = slots.payloadPlain(seqno);
                text.append(INDENT).append("  ").append(seqno).append(' ')
                        .append(job == null ? "no job" : describe(core.payload(job)));
                if (slots.hasPlain(seqno, Slots.DONE)) {
                    text.append(slots.hasPlain(seqno, Slots.FAILED) ? ", failed" : ", done");
                }
            }
        }
        more((int) Math.min(Integer.MAX_VALUE, through - from + 1));
    }

    private static String describe(Object payload) {
        String description;
        try {
            description = String.valueOf((Object) payload.toString());
        } catch (Throwable foreign) {
            description = payload.getClass().getName() + ", whose toString threw " + foreign.getClass().getName();
        }
        return description.length() <= TEXT ? description : description.substring(0, TEXT) + "…";
    }

    private void line() {
        if (used == null) {
            return;
        }
        used.line().forEach(place -> text.append(INDENT).append(place.describe()).append(" waits ")
                .append(since(place.since)).append(" for room for ").append(place.jobs));
        WaiterStacks stacks = core.timelineState().waitersVolatile();
        if (stacks != null && stacks.anyVolatile()) {
            int[] seen = {0};
            stacks.forEach((seqno, waiter) -> {
                if (seen[0]++ < SHOWN) {
                    text.append(INDENT).append(waiter).append(" for seqno ").append(seqno);
                }
            });
            more(seen[0]);
        }
    }

    private String since(long start) {
        return start == 0 ? "since just now" : "since " + TimeUnit.NANOSECONDS.toMillis(now - start) + " ms";
    }
}
