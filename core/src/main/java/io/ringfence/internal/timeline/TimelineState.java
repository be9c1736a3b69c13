package io.ringfence.internal.timeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.waiting.Waiter;
import io.ringfence.internal.waiting.WaiterStacks;

import org.jspecify.annotations.Nullable;

/**
 * What a queue and the fences on its timeline share, and all that is left of a queue when it is gone.
 *
 * <p>The handshake with waiters: a waiter is pushed (read-modify-write), then the counter is looked at; the counter is
 * stored (volatile), then the any-waiters word is looked at. One of the two sees the other.
 */
public final class TimelineState extends TimelinePadAfter {

    private static final VarHandle WAITERS;

    static {
        try {
            WAITERS = MethodHandles.lookup().findVarHandle(TimelineState.class, "waiters", WaiterStacks.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int slots;
    private final FailureLog failures = new FailureLog();
    private volatile @Nullable WaiterStacks waiters;
    private volatile @Nullable Producer producer;

    /**
     * Makes a timeline with nothing signalled.
     *
     * @param slots how many seqnos may be live at a time; a power of two
     */
    public TimelineState(int slots) {
        this.slots = slots;
    }

    /**
     * The failures of this timeline.
     *
     * @return the log
     */
    public FailureLog failures() {
        return failures;
    }

    /**
     * The waiters that hang on this timeline.
     *
     * @return the stacks, or null as long as nobody has ever waited
     */
    public @Nullable WaiterStacks waitersVolatile() {
        return waiters;
    }

    /**
     * Links the producer, or cuts the link when the producer has finished.
     *
     * @param linked the producer, or null
     */
    public void producer(@Nullable Producer linked) {
        producer = linked;
    }

    /** Lets the producer look whether its device has progressed. */
    public void poll() {
        Producer linked = producer;
        if (linked != null) {
            linked.poll();
        }
    }

    /** Allocates what registering a waiter needs, so that registering itself allocates nothing. */
    public void prepareWaiting() {
        stacks();
    }

    private WaiterStacks stacks() {
        WaiterStacks known = waiters;
        if (known != null) {
            return known;
        }
        WaiterStacks made = new WaiterStacks(slots);
        WaiterStacks before = (WaiterStacks) WAITERS.compareAndExchange(this, (WaiterStacks) null, made);
        return before == null ? made : before;
    }

    /**
     * Registers a waiter for a seqno that has been claimed.
     *
     * @param waiter a fresh waiter
     * @param seqno  what it waits for
     * @return true if it hangs there and will be fired; false if the seqno is signalled and the waiter was not and will
     *         not be fired
     */
    public boolean register(Waiter waiter, long seqno) {
        if (signaledAcquire() >= seqno) {
            return false;
        }
        WaiterStacks stacks = stacks();
        boolean deep = stacks.push(waiter, seqno);
        Seam.at(Site.WAITER_LOOK);
        if (deep) {
            prune(stacks, seqno);
            // Others' waiters were out of sight when the producer may have looked for them.
            enableSignalling();
        }
        if (signaledVolatile() >= seqno && waiter.decide()) {
            stacks.unlink(waiter);
            return false;
        }
        enableSignalling();
        return true;
    }

    private void enableSignalling() {
        Producer linked = producer;
        if (linked != null) {
            linked.enableSignalling();
        }
    }

    /**
     * Takes a waiter off that its owner cancelled.
     *
     * @param waiter a waiter that was decided by its owner
     */
    public void unregister(Waiter waiter) {
        WaiterStacks stacks = waiters;
        if (stacks != null) {
            stacks.unlink(waiter);
        }
    }

    private void prune(WaiterStacks stacks, long seqno) {
        long looked = signaledVolatile();
        for (;;) {
            Deferred due = stacks.sweep(seqno, looked);
            Deferred.run(due);
            long now = signaledVolatile();
            if (now == looked) {
                return;
            }
            looked = now;
        }
    }

    /**
     * Takes off the waiters that the counter has just passed; the one who advanced it only, after storing it.
     *
     * @param after   the counter's value before
     * @param through the counter's value now
     * @return the waiters in the order of seqnos, for one seqno in the order of registration, or null
     */
    public @Nullable Deferred sweep(long after, long through) {
        WaiterStacks stacks = waiters;
        if (stacks == null || !stacks.anyVolatile()) {
            return null;
        }
        Deferred due = null;
        // Backwards, so that each part is joined in front of what is there and no chain is walked twice.
        for (long seqno = through; seqno > after; seqno--) {
            due = Deferred.join(stacks.sweep(seqno, through), due);
        }
        return due;
    }
}
