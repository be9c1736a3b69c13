package io.ringfence.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

import io.ringfence.driver.Completions;

/** A device that can give jobs up, if the test says how. */
class AbortDriver extends ManualDriver {
    final List<Long> aborted = Collections.synchronizedList(new ArrayList<>());
    /** What the device does when it is asked to give a job up. */
    volatile LongConsumer onAbort = _ -> {
    };
    private final AtomicInteger inside = new AtomicInteger();

    @Override
    public final void abort(long seqno, Object payload) {
        check(inside.incrementAndGet() == 1, "abort beside poll, arm or another abort");
        check(closes.get() == 0, "abort after close");
        check(Thread.currentThread().isInterrupted() == false, "abort with interrupt status");
        check(seqno <= ran.size() + (long) cancelled.size() && !cancelled.contains(seqno),
                "abort of " + seqno + ", which was not run");
        try {
            aborted.add(seqno);
            onAbort.accept(seqno);
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    void report(Completions completions) {
        check(inside.incrementAndGet() == 1, "poll beside abort");
        try {
            super.report(completions);
        } finally {
            inside.decrementAndGet();
        }
    }

    @Override
    void arming(long seqno) {
        check(inside.incrementAndGet() == 1, "arm beside abort");
        try {
            super.arming(seqno);
        } finally {
            inside.decrementAndGet();
        }
    }
}
