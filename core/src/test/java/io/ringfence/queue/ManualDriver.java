package io.ringfence.queue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

import io.ringfence.driver.Completions;

/** A device whose jobs complete when the test says so. */
class ManualDriver extends CheckedDriver {
    final List<Long> ran = Collections.synchronizedList(new ArrayList<>());
    final List<Object> payloads = Collections.synchronizedList(new ArrayList<>());
    final List<Long> cancelled = Collections.synchronizedList(new ArrayList<>());
    final List<Long> armings = Collections.synchronizedList(new ArrayList<>());
    /** Single completions not taken by the queue yet. */
    private final NavigableMap<Long, Optional<Throwable>> single = new ConcurrentSkipListMap<>();
    private volatile long through;
    private volatile String lost;
    private volatile boolean letGo;

    @Override
    void started(long seqno, Object payload) throws Exception {
        ran.add(seqno);
        payloads.add(payload);
        if (letGo) {
            through = seqno;
            interruptIfCrossed(seqno);
        }
    }

    @Override
    void cancelled(long seqno, Object payload) {
        cancelled.add(seqno);
    }

    @Override
    void arming(long seqno) {
        armings.add(seqno);
    }

    @Override
    void report(Completions completions) {
        String gone = lost;
        if (gone != null) {
            completions.deviceLost(gone);
            return;
        }
        single.entrySet().removeIf(entry -> entry.getValue().isPresent()
                ? completions.failed(entry.getKey(), entry.getValue().get())
                : completions.completed(entry.getKey()));
        long done = through;
        if (done != 0) {
            completions.completedThrough(done);
        }
    }

    /** Everything to here is complete; the device interrupts if that was asked for. */
    final void finishThrough(long seqno) {
        through = seqno;
        interruptIfCrossed(seqno);
    }

    /** As {@link #finishThrough}, but the device never says so by itself. */
    final void finishQuietlyThrough(long seqno) {
        through = seqno;
    }

    /** One job is complete, in any order; the device interrupts if exactly that one was asked for. */
    final void finish(long seqno) {
        single.put(seqno, Optional.empty());
        interruptIfAsked(seqno);
    }

    /** One job failed on the device. */
    final void fail(long seqno, Throwable cause) {
        single.put(seqno, Optional.of(cause));
        interruptIfAsked(seqno);
    }

    final void lose(String reason) {
        lost = reason;
        link().interrupt();
    }

    @Override
    void letGo() {
        letGo = true;
        long last = ran.isEmpty() ? 0 : ran.getLast();
        if (last > through) {
            through = last;
        }
        if (link() != null) {
            link().interrupt();
        }
    }
}
