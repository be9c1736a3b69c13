package io.ringfence.jcstress;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;

/** A device that reports what a test tells it to, and opens queues on one runtime for all tests of a process. */
class TinyDriver implements Driver<Object> {

    private static final RingfenceRuntime RUNTIME = RingfenceRuntime.start(1);

    /** What the device has completed. */
    volatile long completed;
    /** The last seqno handed over; the issue turn writes it. */
    volatile long ran;
    /** The last seqno that was cancelled; the issue turn writes it. */
    volatile long cancelled;
    private volatile @Nullable DriverLink link;
    /** How often the queue closed this driver. */
    volatile int closes;
    /** The highest seqno that was reported; the completion turn writes it. */
    long reported;

    /** For what is not a queue. */
    static RingfenceRuntime runtime() {
        return RUNTIME;
    }

    JobQueue<Object> open(int credits) {
        return open(options(credits));
    }

    static QueueOptions options(int credits) {
        return QueueOptions.named("jcstress").withCapacity(4).withCredits(credits);
    }

    JobQueue<Object> open(QueueOptions options) {
        return RUNTIME.openQueue(this, options);
    }

    JobQueue<Object> open(PayloadTraits<Object> traits) {
        return RUNTIME.openQueue(this, options(4), traits);
    }

    /** How the device reaches the queue; for devices that push. */
    DriverLink link() {
        DriverLink known = link;
        if (known == null) {
            throw new IllegalStateException("not opened");
        }
        return known;
    }

    @Override
    public void open(DriverLink opened) {
        link = opened;
    }

    @Override
    public int maxInFlight() {
        return 4;
    }

    @Override
    public void run(long seqno, Object payload) {
        ran = seqno;
    }

    @Override
    public void cancel(long seqno, Object payload) {
        cancelled = seqno;
    }

    @Override
    public void poll(Completions completions) {
        long done = completed;
        if (done != 0) {
            reported = done;
            completions.completedThrough(done);
        }
    }

    @Override
    public void arm(long seqno) {
        // Nothing here raises interrupts.
    }

    @Override
    public void close() {
        // Plain arithmetic on a volatile: a second close at the same time would be a failure anyway.
        int before = closes;
        closes = before + 1;
    }
}
