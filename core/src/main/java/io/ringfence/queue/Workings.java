package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.driver.Driver;
import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.timeline.TimelineState;

import org.jspecify.annotations.Nullable;

/**
 * What a queue works with, from its first job on: its cursors, its slots, its two turns, and how it ends. An open queue that was never
 * used has none, and is small. The parts know each other through this; it must not be used before its constructor has returned.
 */
final class Workings<P> {

    private static final VarHandle STORAGE;

    static {
        try {
            STORAGE = MethodHandles.lookup().findVarHandle(Workings.class, "storage", Storage.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What only jobs have a use for: a queue that is just closed, or whose device is reset, needs none. */
    private static final class Storage extends Slots {
        final long[] failureMarks;
        /** Made by the first who cancels a job. */
        volatile CancelRequests.@Nullable Request @Nullable [] cancelMarks;

        Storage(int capacity) {
            super(capacity);
            failureMarks = new long[capacity];
        }
    }

    private final QueueOptions options;
    private final TimelineState timeline;
    private final QueueFaults faults;
    private final CancelRequests cancels = new CancelRequests();
    private final ClaimCursor claim;
    private final SubmitterLine line;
    private final IssueTurn<P> issue;
    private final CompletionTurn<P> completion;
    private final DeadlineHints hints;
    private final QueueEnd<P> end;
    private final Rewind<P> rewind;
    private final Freeze freeze;
    private volatile @Nullable Storage storage;

    Workings(QueueCore<P> core, Driver<P> driver, PayloadTraits<P> traits) {
        options = core.options();
        timeline = core.timelineState();
        faults = new QueueFaults(this, core.timeline());
        claim = new ClaimCursor(timeline, options.capacity());
        line = new SubmitterLine(claim, timeline, options.capacity());
        hints = new DeadlineHints(core, driver);
        end = new QueueEnd<>(core, driver);
        rewind = new Rewind<>(core, driver, traits.repeatable());
        freeze = new Freeze(core);
        completion = new CompletionTurn<>(core, this, driver);
        issue = new IssueTurn<>(core, this, driver);
    }

    QueueFaults faults() {
        return faults;
    }

    CancelRequests cancels() {
        return cancels;
    }

    ClaimCursor claim() {
        return claim;
    }

    SubmitterLine line() {
        return line;
    }

    IssueTurn<P> issue() {
        return issue;
    }

    CompletionTurn<P> completion() {
        return completion;
    }

    DeadlineHints hints() {
        return hints;
    }

    QueueEnd<P> end() {
        return end;
    }

    Rewind<P> rewind() {
        return rewind;
    }

    Freeze freeze() {
        return freeze;
    }

    TimelineState timeline() {
        return timeline;
    }

    // ---- what is asked of several

    /** Whether the queue is closed and everything claimed is finished. */
    boolean drained(long issued) {
        return claim.closedVolatile() && claim.claimedVolatile() == issued && timeline.signaledVolatile() == issued;
    }

    /** The credits of all finished jobs, or fewer. Any thread. */
    long creditsReturnedVolatile() {
        // The counter is stored after the credits, so reading it first brings at least its credits.
        timeline.signaledVolatile();
        return completion.settlement().creditsReturnedOpaque();
    }

    // ---- slots

    /** The slots, or null if there was no job yet. */
    @Nullable
    Slots slotsAcquire() {
        return (Storage) STORAGE.getAcquire(this);
    }

    /** The slots, allocated now if this is the first job. */
    Slots slots() {
        Slots known = slotsAcquire();
        if (known != null) {
            return known;
        }
        if (options.signalTimes()) {
            timeline.keepTimes();
        }
        STORAGE.compareAndSet(this, (Storage) null, new Storage(options.capacity()));
        return made();
    }

    private Storage made() {
        Storage made = storage;
        if (made == null) {
            throw new IllegalStateException("no slots");
        }
        return made;
    }

    /** An array as long as the ring; allocated before any job could fail. */
    long[] failureMarks() {
        return made().failureMarks;
    }

    /** The same for those who read it; null if there was no job yet. Any thread. */
    long @Nullable [] failureMarksOrNull() {
        Storage made = storage;
        return made == null ? null : made.failureMarks;
    }

    /** An array as long as the ring, for the issue turn; whoever cancels a job sees to it that there is one. */
    CancelRequests.@Nullable Request[] cancelMarks() {
        Storage made = storage;
        CancelRequests.@Nullable Request[] marks = made == null ? null : made.cancelMarks;
        if (marks == null) {
            throw new IllegalStateException("nothing was cancelled");
        }
        return marks;
    }

    void prepareCancelling() {
        Storage made = storage;
        if (made != null && made.cancelMarks == null) {
            // Of two who do this at once, one makes the array that is used: the issue turn takes it when it needs it first.
            made.cancelMarks = new CancelRequests.Request[options.capacity()];
        }
    }
}
