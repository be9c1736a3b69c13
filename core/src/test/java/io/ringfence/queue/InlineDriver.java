package io.ringfence.queue;

import io.ringfence.driver.Completions;

/** A device that has completed a job before {@code run} returns. */
class InlineDriver extends CheckedDriver {
    private volatile long done;

    @Override
    void started(long seqno, Object payload) throws Exception {
        done = seqno;
        interruptIfCrossed(seqno);
    }

    @Override
    void report(Completions completions) {
        completions.completedThrough(done);
    }
}
