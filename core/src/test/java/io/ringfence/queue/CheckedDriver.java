package io.ringfence.queue;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;

/** A driver that notes whatever its queue does against the contract. */
abstract class CheckedDriver implements Driver<Object> {
    final AtomicLong runs = new AtomicLong();
    final AtomicLong cancels = new AtomicLong();
    final AtomicLong polls = new AtomicLong();
    final AtomicLong doorbells = new AtomicLong();
    final AtomicInteger closes = new AtomicInteger();
    final Queue<String> violations = new ConcurrentLinkedQueue<>();

    private final AtomicInteger insideIssue = new AtomicInteger();
    private final AtomicInteger insideCompletion = new AtomicInteger();
    private final AtomicInteger opens = new AtomicInteger();
    private volatile DriverLink link;
    private volatile long lastSeqno;
    private volatile boolean holes;
    private final AtomicLong armed = new AtomicLong();
    /** Whether its jobs wait on the device for those of other such drivers. */
    volatile boolean waits;

    /** The ring was reset: jobs may come again. */
    final void relink(DriverLink next) {
        check(insideIssue.get() == 0 && insideCompletion.get() == 0, "restart beside another call");
        check(closes.get() == 0, "restart after close");
        link = next;
        armed.set(0);
        lastSeqno = 0;
        holes = true;
    }

    /** Batches that find another queue full leave seqnos behind of which the driver hears nothing. */
    final void mayHaveHoles() {
        holes = true;
    }

    @Override
    public final void open(DriverLink opened) {
        check(opens.incrementAndGet() == 1, "open called twice");
        link = opened;
        opening(opened);
    }

    /** While it is being opened. */
    void opening(DriverLink opened) {
        // Most have nothing to tell.
    }

    @Override
    public int maxInFlight() {
        return Integer.MAX_VALUE;
    }

    @Override
    public final void run(long seqno, Object payload) throws Exception {
        enterIssue("run", seqno);
        runs.incrementAndGet();
        try {
            if (payload instanceof Work work) {
                work.run(seqno);
            }
            started(seqno, payload);
        } catch (Throwable thrown) {
            throw asException(thrown);
        } finally {
            insideIssue.decrementAndGet();
        }
    }

    @Override
    public final int maxWaits() {
        return waits ? 1 : 0;
    }

    @Override
    public final boolean canWaitFor(Driver<?> producer) {
        return waits && producer instanceof CheckedDriver;
    }

    @Override
    public final void runAfter(long seqno, Object payload, DeviceWaits inputs) throws Exception {
        run(seqno, payload);
    }

    @Override
    public final void cancel(long seqno, Object payload) {
        enterIssue("cancel", seqno);
        cancels.incrementAndGet();
        try {
            cancelled(seqno, payload);
        } finally {
            insideIssue.decrementAndGet();
        }
    }

    private void enterIssue(String what, long seqno) {
        check(insideIssue.incrementAndGet() == 1, what + " beside another run or cancel");
        check(closes.get() == 0, what + " after close");
        check(opens.get() == 1, what + " before open");
        check(Thread.currentThread().isInterrupted() == false, what + " with interrupt status");
        check(seqno == lastSeqno + 1 || holes && seqno > lastSeqno, what + " of " + seqno + " after " + lastSeqno);
        lastSeqno = seqno;
    }

    @Override
    public final void poll(Completions completions) {
        check(insideCompletion.incrementAndGet() == 1, "poll beside another poll or arm");
        check(closes.get() == 0, "poll after close");
        polls.incrementAndGet();
        try {
            report(completions);
        } finally {
            insideCompletion.decrementAndGet();
        }
    }

    @Override
    public final void arm(long seqno) {
        check(insideCompletion.incrementAndGet() == 1, "arm beside another poll or arm");
        check(closes.get() == 0, "arm after close");
        try {
            arming(seqno);
            armed.set(seqno);
        } finally {
            insideCompletion.decrementAndGet();
        }
    }

    @Override
    public void doorbell() {
        doorbells.incrementAndGet();
        check(Thread.currentThread().isInterrupted() == false, "doorbell with interrupt status");
    }

    @Override
    public void close() {
        check(closes.incrementAndGet() == 1, "close called twice");
        check(insideIssue.get() == 0 && insideCompletion.get() == 0, "close beside another call");
        check(Thread.currentThread().isInterrupted() == false, "close with interrupt status");
    }

    /** The device was handed a job. */
    abstract void started(long seqno, Object payload) throws Exception;

    /** The queue polls. */
    abstract void report(Completions completions);

    void cancelled(long seqno, Object payload) {
    }

    void arming(long seqno) {
    }

    final DriverLink link() {
        return link;
    }

    final long armed() {
        return armed.get();
    }

    /** What a device does behind a volatile store of its progress: interrupts only if that crossed what was armed. */
    final void interruptIfCrossed(long completedThrough) {
        long asked = armed.get();
        while (asked != 0 && asked <= completedThrough) {
            // Whoever only stored 0 here would wipe out a request that came between the look and the store.
            if (armed.compareAndSet(asked, 0)) {
                link.interrupt();
                return;
            }
            asked = armed.get();
        }
    }

    /** The same for a device that keeps no order: a request for a lower seqno, which may come meanwhile, is left alone. */
    final void interruptIfAsked(long completed) {
        if (armed.compareAndSet(completed, 0)) {
            link.interrupt();
        }
    }

    final void check(boolean kept, String otherwise) {
        if (!kept) {
            violations.add(otherwise + " on " + Thread.currentThread().getName());
        }
    }

    /** Lets everything on the device, and everything that comes, complete; with an interrupt. */
    void letGo() {
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    /** Throws errors at once and gives exceptions to throw. */
    static Exception asException(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (Exception) thrown;
    }
}
