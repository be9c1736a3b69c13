package io.ringfence.jcstress;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

/** A device that reports what a test tells it to, and opens queues on one runtime for all tests of a process. */
class TinyDriver implements Driver<Object> {

    private static final RingfenceRuntime RUNTIME = RingfenceRuntime.start(1);

    /** What the device has completed. */
    volatile long completed;
    /** The last seqno handed over; the issue turn writes it. */
    volatile long ran;
    /** How often the queue closed this driver. */
    volatile int closes;
    /** The highest seqno that was reported; the completion turn writes it. */
    long reported;

    JobQueue<Object> open(int credits) {
        return RUNTIME.openQueue(this, QueueOptions.named("jcstress").withCapacity(4).withCredits(credits));
    }

    @Override
    public void open(DriverLink link) {
        // Nothing here raises interrupts.
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
