package io.ringfence.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

import io.ringfence.driver.Completions;
import io.ringfence.fence.Fence;

/**
 * The mock GPU of the kernel's scheduler tests, for one queue: a list of jobs that it completes strictly in order, each
 * after its duration on the {@link MockClock} or, if it has none, when the test says so.
 *
 * <p>It raises no interrupt before the end of the test: then another thread would find the completions, at a moment that
 * no clock tells. Instead, whoever completes jobs polls.
 */
final class MockGpu extends CheckedDriver {
    private final MockClock clock;
    /** What was handed over, in order; for those who look when nothing goes on. */
    final List<MockJob> ran = Collections.synchronizedList(new ArrayList<>());
    private JobQueue<Object> queue;

    // Under this GPU's lock.
    private final Deque<MockJob> jobs = new ArrayDeque<>();
    private long nextSeqno;
    private long curSeqno;
    private boolean letGo;

    /** The queue's seqno of the last completed job. */
    private volatile long completed;

    MockGpu(MockClock clock) {
        this.clock = clock;
        clock.add(this);
    }

    /** The queue that was opened with this GPU. */
    MockGpu attach(JobQueue<Object> opened) {
        queue = opened;
        return this;
    }

    JobQueue<Object> queue() {
        return queue;
    }

    /** Submits a job that was made before. */
    MockJob submit(MockJob job, Fence... dependencies) throws InterruptedException {
        job.fence(queue.submit(job, dependencies));
        return job;
    }

    /** Submits a job that takes so long; 0 if only {@link #advance} is to complete it. */
    MockJob submit(long durationMicros, Fence... dependencies) throws InterruptedException {
        return submit(new MockJob(durationMicros), dependencies);
    }

    /** Completes the next jobs, whatever their duration, and tells how many of them were there. */
    int advance(int count) {
        int found = 0;
        synchronized (this) {
            curSeqno += count;
            while (!jobs.isEmpty() && jobs.getFirst().hwSeqno <= curSeqno) {
                complete();
                found++;
            }
        }
        queue.timeline().poll();
        return found;
    }

    /** When the first job in the list completes by itself; never if that waits for {@link #advance}. */
    synchronized long due() {
        MockJob head = jobs.peekFirst();
        return head == null || head.finishAt == 0 ? Long.MAX_VALUE : head.finishAt;
    }

    /** Completes what has had its time, from the head of the list to the first job that has not. */
    void timer() {
        boolean found = false;
        synchronized (this) {
            while (due() <= clock.micros()) {
                curSeqno = jobs.getFirst().hwSeqno;
                complete();
                found = true;
            }
        }
        if (found) {
            queue.timeline().poll();
        }
    }

    private void complete() {
        MockJob job = jobs.removeFirst();
        job.set(MockJob.DONE);
        completed = job.seqno;
    }

    @Override
    void started(long seqno, Object payload) throws Exception {
        MockJob job = (MockJob) payload;
        long now = clock.micros();
        boolean atOnce;
        synchronized (this) {
            job.seqno = seqno;
            job.hwSeqno = ++nextSeqno;
            if (job.durationMicros != 0) {
                MockJob last = jobs.peekLast();
                job.finishAt = (last == null || last.finishAt == 0 ? now : last.finishAt) + job.durationMicros;
            }
            jobs.addLast(job);
            job.scheduledAt(now);
            atOnce = letGo;
            if (atOnce) {
                complete();
            }
        }
        ran.add(job);
        if (atOnce) {
            interruptIfCrossed(seqno);
        }
    }

    @Override
    void cancelled(long seqno, Object payload) {
        ((MockJob) payload).set(MockJob.CANCELLED);
    }

    @Override
    void report(Completions completions) {
        completions.completedThrough(completed);
    }

    @Override
    void letGo() {
        synchronized (this) {
            letGo = true;
            while (!jobs.isEmpty()) {
                complete();
            }
        }
        link().interrupt();
    }
}
