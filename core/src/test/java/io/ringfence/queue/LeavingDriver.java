package io.ringfence.queue;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;

/** A device that can be left; it says what it was asked for, and answers as the test wants. Jobs that are given up are over. */
final class LeavingDriver extends ManualDriver implements LongRunningDriver<Object> {
    /** What was asked, in order, and what tests add. */
    final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    volatile Supplier<Fence> suspending = Fences::signalled;
    volatile Supplier<Fence> resuming = Fences::signalled;
    volatile Duration minRun = Duration.ZERO;
    volatile boolean suspended;

    @Override
    public Fence suspend() {
        suspended = true;
        Fence answer = suspending.get();
        events.add("suspend");
        return answer;
    }

    @Override
    public Fence resume() {
        check(suspended, "resume without suspend");
        suspended = false;
        Fence answer = resuming.get();
        events.add("resume");
        return answer;
    }

    @Override
    public Duration minRun() {
        return minRun;
    }

    @Override
    public void abort(long seqno, Object payload) {
        finishThrough(seqno);
    }
}
