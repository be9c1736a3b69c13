package io.ringfence.internal.timeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.waiting.Waiter;
import io.ringfence.internal.waiting.WaiterStacks;

import org.jspecify.annotations.Nullable;

/**
 * What a queue and the fences on its timeline share, and all that is left of a queue when it is gone.
 *
 * <p>The handshake with waiters: a waiter is pushed (read-modify-write), then the counter is looked at; the counter is
 * stored (volatile, or with release and a full fence), then the any-waiters word is looked at. One of the two sees the other.
 */
public final class TimelineState extends TimelinePadAfter {

    private static final VarHandle WAITERS;
    private static final VarHandle TIMES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WAITERS = lookup.findVarHandle(TimelineState.class, "waiters", WaiterStacks.class);
            TIMES = lookup.findVarHandle(TimelineState.class, "times", SignalTimes.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int slots;
    private final FailureLog failures = new FailureLog();
    private volatile @Nullable WaiterStacks waiters;
    private volatile @Nullable Producer producer;
    /** When the last jobs were signalled; null as long as that is not wanted or no job was submitted. */
    private volatile @Nullable SignalTimes times;

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

    /**
     * The last seqno that was claimed.
     *
     * @return the seqno, 0 if none was
     */
    public long claimedVolatile() {
        Producer linked = producer;
        // A producer that was cut off has signalled all it claimed.
        return linked == null ? signaledVolatile() : linked.claimed();
    }

    /**
     * Who advances the timeline.
     *
     * @return the producer, or null if it has finished
     */
    public @Nullable Producer producerVolatile() {
        return producer;
    }

    /** Lets the producer look whether its device has progressed. */
    public void poll() {
        Producer linked = producer;
        if (linked != null) {
            linked.poll();
        }
    }

    /** Remembers from now on when seqnos are signalled. */
    public void keepTimes() {
        if (times == null) {
            TIMES.compareAndSet(this, (SignalTimes) null, new SignalTimes(slots));
        }
    }

    /**
     * Notes when the next seqnos are signalled; the one who advances the counter only, before it does.
     *
     * @param after   the counter's value now
     * @param through the counter's value to be
     */
    public void recordTime(long after, long through) {
        SignalTimes kept = times;
        if (kept != null) {
            kept.recordOpaque(after, through, Seam.nanoTime());
        }
    }

    /**
     * When a seqno was signalled.
     *
     * @param seqno a seqno that is signalled
     * @return the moment, on the scale of {@link System#nanoTime()}; empty if it is not known, or not any more
     */
    public OptionalLong signalTime(long seqno) {
        SignalTimes kept = times;
        if (kept == null) {
            return OptionalLong.empty();
        }
        long time = kept.timeOpaque(seqno);
        return signaledVolatile() - seqno < slots ? OptionalLong.of(time) : OptionalLong.empty();
    }

    /**
     * Lets the producer know that a seqno is wanted, though nobody has registered.
     *
     * @param seqno a seqno that has been claimed
     */
    public void want(long seqno) {
        if (signaledAcquire() < seqno) {
            WaiterStacks stacks = stacks();
            Waiter wanted = stacks.want(seqno);
            if (wanted != null && signaledVolatile() >= seqno && wanted.decide()) {
                stacks.withdraw(wanted);
            } else {
                enableSignalling();
            }
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
        stacks.push(waiter, seqno);
        Seam.at(Site.WAITER_LOOK);
        if (signaledVolatile() >= seqno && waiter.decide()) {
            stacks.withdraw(waiter);
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
     * Tells the producer by when a point is wanted, unless an earlier moment is known for it already.
     *
     * @param seqno    the point
     * @param nanoTime the moment, on the scale of {@link System#nanoTime()}
     */
    public void hintDeadline(long seqno, long nanoTime) {
        Producer linked = producer;
        if (linked != null && signaledAcquire() < seqno) {
            linked.hintDeadline(seqno, nanoTime);
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
            stacks.withdraw(waiter);
        }
    }

    /**
     * Decides the waiters that the counter has just passed; the one who advanced it only, after storing it.
     *
     * @param after   the counter's value before
     * @param through the counter's value now
     * @param to      where to append those that fire, in the order of seqnos, for one seqno in the order of registration; many
     *                threads that wait become one item, at the place of the first
     */
    public void sweep(long after, long through, DeferredList to) {
        WaiterStacks stacks = waiters;
        if (stacks == null || !stacks.anyVolatile()) {
            return;
        }
        stacks.sweep(after, through, to);
    }

    /**
     * Whether there is anybody for {@link #sweep} to look for; after the counter was stored, as that.
     *
     * @return false only if whoever registers from now on sees the counter
     */
    public boolean isAwaitedVolatile() {
        WaiterStacks stacks = waiters;
        return stacks != null && stacks.anyVolatile();
    }
}
