package io.ringfence.queue;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.Verdict;
import io.ringfence.internal.seam.Checked;

import org.jspecify.annotations.Nullable;

/**
 * Stands between a queue and its driver in the checked mode and verifies what each promises the other: the table in the description
 * of the package {@code io.ringfence.driver}.
 */
final class CheckedRing<P> implements Driver<P> {

    private final Driver<P> driver;
    private final String name;
    private final AtomicInteger inIssue = new AtomicInteger();
    private final AtomicInteger inCompletion = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private boolean lost;
    /** The last seqno that was run or cancelled. */
    private final AtomicLong passed = new AtomicLong();
    private final int capacity;
    /** Per slot, whether the job there was handed to the device. */
    private final BitSet onDevice = new BitSet();
    private final Reports reports = new Reports();

    CheckedRing(Driver<P> driver, QueueOptions options) {
        this.driver = driver;
        name = "queue " + options.name();
        capacity = options.capacity();
    }

    private void that(boolean kept, String otherwise, long seqno) {
        if (!kept) {
            Checked.violated(name + ": " + otherwise + (seqno == 0 ? "" : ", seqno " + seqno));
        }
    }

    @Override
    public void open(DriverLink link) {
        that(opened.getAndIncrement() == 0, "open was called twice", 0);
        driver.open(link);
    }

    @Override
    public int maxInFlight() {
        return driver.maxInFlight();
    }

    @Override
    public boolean mayBlock() {
        return driver.mayBlock();
    }

    @Override
    public boolean executesInOrder() {
        return driver.executesInOrder();
    }

    // ---- the issue turn

    @Override
    public void run(long seqno, P payload) throws Exception {
        hand("run", seqno, () -> driver.run(seqno, payload));
    }

    /** A call that hands a job to the device. */
    private interface Handing {
        void call() throws Exception;
    }

    private void hand(String what, long seqno, Handing handing) throws Exception {
        pass(what, seqno);
        mark(seqno, true);
        long parks = driver.mayBlock() ? -1 : Checked.parks();
        boolean handed = false;
        try {
            handing.call();
            handed = true;
        } finally {
            if (!handed) {
                mark(seqno, false);
            }
            Checked.notParkedSince(parks, (Supplier<String>) () -> name + ": " + what + " of seqno " + seqno + " by "
                    + driver.getClass().getName());
            inIssue.getAndDecrement();
        }
    }

    @Override
    public int maxWaits() {
        return driver.maxWaits();
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return driver.canWaitFor(producer);
    }

    @Override
    public void runAfter(long seqno, P payload, DeviceWaits waits) throws Exception {
        that(waits.count() >= 1 && waits.count() <= driver.maxWaits(),
                "runAfter with " + waits.count() + " waits, where the device can make a job wait for "
                        + driver.maxWaits(),
                seqno);
        for (int i = 0; i < waits.count(); i++) {
            that(driver.canWaitFor(waits.producer(i)), "runAfter for " + waits.producer(i), seqno);
        }
        hand("runAfter", seqno, () -> driver.runAfter(seqno, payload, waits));
    }

    @Override
    public void cancel(long seqno, P payload) {
        pass("cancel", seqno);
        mark(seqno, false);
        try {
            driver.cancel(seqno, payload);
        } finally {
            inIssue.getAndDecrement();
        }
    }

    @Override
    public void skip(long seqno) {
        pass("skip", seqno);
        try {
            driver.skip(seqno);
        } finally {
            inIssue.getAndDecrement();
        }
    }

    private void pass(String what, long seqno) {
        that(inIssue.getAndIncrement() == 0, what + " beside another run or cancel", seqno);
        that(closed.get() == 0, what + " after close", seqno);
        that(seqno > passed.getAndSet(seqno), what + " of a seqno that was passed", seqno);
    }

    private void mark(long seqno, boolean handed) {
        synchronized (onDevice) {
            onDevice.set((int) seqno & capacity - 1, handed);
        }
    }

    private boolean isMarked(long seqno) {
        synchronized (onDevice) {
            return onDevice.get((int) seqno & capacity - 1);
        }
    }

    // ---- the completion turn

    private void begin(String what) {
        that(inCompletion.getAndIncrement() == 0, what + " beside another poll, arm or abort", 0);
        that(closed.get() == 0, what + " after close", 0);
    }

    @Override
    public void poll(Completions completions) {
        begin("poll");
        long parks = Checked.parks();
        reports.to = completions;
        reports.polling = Thread.currentThread();
        try {
            driver.poll(reports);
        } finally {
            reports.polling = null;
            Checked.notParkedSince(parks, (Supplier<String>) () -> name + ": poll by " + driver.getClass().getName());
            inCompletion.getAndDecrement();
        }
    }

    /** What the driver is given to report to. */
    private final class Reports implements Completions {
        private @Nullable Completions to;
        private volatile @Nullable Thread polling;
        private long through;
        /** Failures up to here may be told again, for they came before the queue had seen their jobs issued. */
        private long toldEarly;

        private Completions known(String what, long seqno) {
            Completions known = to;
            that(polling == Thread.currentThread(), what + " outside of poll", seqno);
            if (known == null) {
                throw new IllegalStateException(name + ": " + what + " before the first poll");
            }
            return known;
        }

        @Override
        public void completedThrough(long seqno) {
            Completions known = known("completedThrough", seqno);
            through = Math.max(through, seqno);
            known.completedThrough(seqno);
        }

        @Override
        public boolean completed(long seqno) {
            return single("completed", seqno, known("completed", seqno).completed(seqno));
        }

        @Override
        public boolean failed(long seqno, Throwable cause) {
            that(seqno > through || seqno <= toldEarly,
                    "failed was reported behind completedThrough, too late to count",
                    seqno);
            boolean taken = single("failed", seqno, known("failed", seqno).failed(seqno, cause));
            toldEarly = taken ? toldEarly : Math.max(toldEarly, seqno);
            return taken;
        }

        private boolean single(String what, long seqno, boolean taken) {
            that(!taken || isMarked(seqno),
                    what + " of a job that is not on the device: its run threw, or it was cancelled",
                    seqno);
            return taken;
        }

        @Override
        public void deviceLost(String reason) {
            known("deviceLost", 0).deviceLost(reason);
        }
    }

    @Override
    public long completedSeqno() {
        return driver.completedSeqno();
    }

    @Override
    public void arm(long seqno) {
        begin("arm");
        try {
            driver.arm(seqno);
        } finally {
            inCompletion.getAndDecrement();
        }
    }

    @Override
    public void abort(long seqno, P payload) {
        begin("abort");
        try {
            driver.abort(seqno, payload);
        } finally {
            inCompletion.getAndDecrement();
        }
    }

    @Override
    public void lost() {
        begin("lost");
        try {
            that(!lost, "lost was called twice", 0);
            lost = true;
            driver.lost();
        } finally {
            inCompletion.getAndDecrement();
        }
    }

    // ---- recovery

    private void excluded(String what, long seqno) {
        that(inCompletion.get() == 0 && inIssue.get() == 0, what + " beside another call", seqno);
        that(closed.get() == 0, what + " after close", seqno);
    }

    @Override
    public @Nullable FailureDomain failureDomain() {
        return driver.failureDomain();
    }

    @Override
    public boolean isExecuting() {
        return driver.isExecuting();
    }

    @Override
    public int noHangLimit() {
        return driver.noHangLimit();
    }

    @Override
    public Verdict timedOut(long seqno, P payload, long executed) {
        excluded("timedOut", seqno);
        return driver.timedOut(seqno, payload, executed);
    }

    @Override
    public boolean hasStarted(long seqno) {
        excluded("hasStarted", seqno);
        return driver.hasStarted(seqno);
    }

    @Override
    public boolean isRepeatable(P payload) {
        return driver.isRepeatable(payload);
    }

    @Override
    public void blamed(long seqno, P payload) {
        excluded("blamed", seqno);
        driver.blamed(seqno, payload);
    }

    @Override
    public void restart(int epoch, DriverLink link) {
        excluded("restart", 0);
        passed.set(0);
        driver.restart(epoch, link);
    }

    // ---- any thread

    @Override
    public void doorbell() {
        driver.doorbell();
    }

    @Override
    public void hintDeadline(long seqno, long nanoTime) {
        driver.hintDeadline(seqno, nanoTime);
    }

    @Override
    public void close() {
        that(closed.getAndIncrement() == 0, "close was called twice", 0);
        that(inIssue.get() == 0 && inCompletion.get() == 0, "close beside another call", 0);
        driver.close();
    }

    @Override
    public String toString() {
        return driver.toString();
    }
}
