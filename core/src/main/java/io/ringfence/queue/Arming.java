package io.ringfence.queue;

import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.waiting.WaiterStacks;

import org.jspecify.annotations.Nullable;

/** Finds the seqno at which a queue wants an interrupt of its device, if anybody waits. The completion turn's. */
final class Arming {

    private final QueueCore<?> core;
    private final Workings<?> parts;
    private final TimelineState timeline;
    private final @Nullable CreditBudget shared;
    /** The seqno the device was last asked to interrupt at. */
    private long armedAt;
    /** The lowest seqno somebody waits for, as far as known; looked for anew when it has been passed. */
    private long waited;

    Arming(QueueCore<?> core, Workings<?> parts) {
        this.core = core;
        this.parts = parts;
        timeline = parts.timeline();
        shared = core.options().budget();
    }

    /** The seqno to ask for now; 0 if there is no need, or it was asked for before. */
    long next() {
        long done = timeline.signaledPlain();
        long issued = parts.issue().issuedAcquire();
        long target = Long.MAX_VALUE;
        if (issued > done && core.isBelowVolatile()) {
            // The queues above wait for whatever comes back, and do not say so.
            target = done + 1;
        } else if (issued > done
                && (parts.issue().credits().blockedVolatile() || shared != null && shared.isWantedVolatile())) {
            target = done + Math.max(1, (issued - done) / 2);
        }
        target = Math.min(target, firstWaited(done));
        if (parts.end().closingVolatile() && parts.claim().closedVolatile()) {
            // The close waits for the last job.
            long last = parts.claim().claimedVolatile();
            target = last > done ? Math.min(target, last) : target;
        }
        if (target == Long.MAX_VALUE) {
            return 0;
        }
        Slots slots = parts.slotsAcquire();
        // The device will not report marked slots: the one below is the last it does report.
        while (slots != null && target <= issued && target > done && slots.hasPlain(target, Slots.DONE)) {
            target--;
        }
        if (target <= done || target == armedAt) {
            return 0;
        }
        armedAt = target;
        return target;
    }

    /** The device was reset: it has to be asked anew. */
    void forget() {
        armedAt = 0;
    }

    private long firstWaited(long done) {
        WaiterStacks stacks = timeline.waitersVolatile();
        if (stacks == null || !stacks.anyVolatile()) {
            return Long.MAX_VALUE;
        }
        // Taken before the stacks are scanned: what is pushed later is told by the next look.
        long pushed = stacks.takeLowest();
        if (pushed <= done) {
            // It came too late itself; what else was pushed with it is not known.
            pushed = Long.MAX_VALUE;
            waited = done;
        }
        if (waited <= done) {
            waited = stacks.firstWaited(done, parts.claim().claimedVolatile());
        }
        waited = Math.min(waited, pushed);
        return waited;
    }
}
