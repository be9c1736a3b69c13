package io.ringfence.sim.soak;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueStatus.Recoveries;

import org.jspecify.annotations.Nullable;

/** A queue of one user, with the jobs that he has not looked at yet, in the order of submission. The user's, but for its end. */
final class SoakQueue {

    private static final int WINDOW = 64;

    final SoakDevice device;
    final WatchedRing ring;
    final JobQueue<SoakJob> queue;
    private final Ledger ledger;
    private final Deque<SoakJob> window = new ArrayDeque<>();
    private final Deque<Long> freeCells = new ArrayDeque<>();
    private @Nullable Fence ended;
    private boolean lost;

    SoakQueue(SoakDevice device, WatchedRing ring, JobQueue<SoakJob> queue, Ledger ledger) {
        this.device = device;
        this.ring = ring;
        this.queue = queue;
        this.ledger = ledger;
    }

    boolean isFull() {
        return window.size() >= WINDOW;
    }

    /** Whether nothing can be done with it any more. */
    boolean isOver() {
        return lost || queue.status().closed();
    }

    /** Closes it, if it is not yet; nothing more is submitted. */
    void end() {
        ended = queue.startClose();
    }

    /** Whether it has let its ring go, and all its jobs were looked at; after {@link #end}. */
    boolean hasEnded() {
        return window.isEmpty() && ended != null && ended.isDone();
    }

    /** A cell whose counter is 0, or -1 if there is none. */
    long cell() {
        Long free = freeCells.poll();
        return free == null ? device.cell() : free;
    }

    void free(long cell) {
        if (cell >= 0) {
            freeCells.add(cell);
        }
    }

    void submitted(SoakJob job, PointFence fence) {
        job.fence = fence;
        ledger.jobs.increment();
        if (job.cell >= 0) {
            ledger.traced.increment();
        }
        window.add(job);
    }

    /** Some job that is not finished, or null. */
    @Nullable
    SoakJob some(int index) {
        int at = 0;
        for (SoakJob job : window) {
            if (at++ == index) {
                return job;
            }
        }
        return window.peekLast();
    }

    /** Looks at the jobs that are finished. */
    void settleDone() {
        for (SoakJob job = window.peek(); job != null && isDone(job); job = window.peek()) {
            window.remove();
            settle(job);
        }
    }

    private static boolean isDone(SoakJob job) {
        PointFence fence = job.fence;
        return fence != null && fence.isDone();
    }

    /** Waits for the first job, or for the end if there is none. */
    boolean awaitFirst(Duration longest) throws InterruptedException {
        SoakJob first = window.peek();
        Fence fence = first == null ? ended : first.fence;
        return fence == null || fence.await(longest) != Outcome.PENDING;
    }

    /** Whoever still waits at the end waits for ever: told once a queue, that the one which the others wait for has its line. */
    void countUnsignaled() {
        List<SoakJob> pending = window.stream().filter(job -> !isDone(job)).toList();
        if (!pending.isEmpty()) {
            ledger.violation(ledger.unsignaled, pending.size(),
                    pending.getFirst() + " is pending, and " + (pending.size() - 1) + " more: " + queue.dump());
        }
        if (pending.isEmpty() && ended != null && !ended.isDone()) {
            ledger.violation(ledger.unsignaled, "the end of " + queue.dump());
        }
    }

    /** It has ended: what there is to say of it, and who comes next may have its cells. */
    void countRecoveries() {
        device.free(freeCells);
        freeCells.clear();
        Recoveries all = queue.status().recovery();
        ledger.hangs.add(all.hangs());
        ledger.resets.add(all.resets());
        ledger.replayed.add(all.replayed());
        ledger.victims.add(all.victims());
    }

    // ---- one job

    private void settle(SoakJob job) {
        PointFence fence = job.fence;
        if (job.settled || fence == null) {
            return;
        }
        job.settled = true;
        Failure failure = fence.failure();
        job.ok = failure == null;
        if (job.ok) {
            ledger.ok.increment();
            checkInputs(job);
        }
        switch (job.kind) {
            case ADD -> checkCounter(job);
            case TIMES -> checkTimes(job);
            case NOTHING -> {
                // It leaves no trace.
            }
        }
        if (failure instanceof Failure.DeviceLost) {
            // Whatever it was about may be written yet.
            lost = true;
        } else if (job.cell >= 0) {
            freeCells.add(job.cell);
        }
    }

    private void checkInputs(SoakJob job) {
        for (SoakJob input : job.inputs) {
            PointFence before = input.fence;
            if (before != null) {
                checkInput(job, before);
            }
        }
        if (job.foreign != null) {
            checkInput(job, job.foreign);
        }
    }

    private void checkInput(SoakJob job, Fence input) {
        if (input.outcome() != Outcome.OK) {
            ledger.violation(ledger.orderViolations,
                    job + " is ok, but what it names is " + input.outcome() + ": " + input);
        }
    }

    private void checkCounter(SoakJob job) {
        float count = device.memory().readFloats(job.cell, 1)[0];
        if (count > 1) {
            ledger.violation(ledger.runTwice, job + " was executed " + count + " times");
        }
        if (job.ok && count == 0) {
            ledger.violation(ledger.lost, job + " is ok and was not executed");
        }
        device.memory().writeFloats(job.cell, new float[] {0});
    }

    private void checkTimes(SoakJob job) {
        if (!job.ok) {
            return;
        }
        long times = job.cell + SoakDevice.TIMES_OFFSET;
        job.begin = device.memory().readLong(times);
        job.end = device.memory().readLong(times + Long.BYTES);
        if (job.end == 0 || job.end < job.begin) {
            ledger.violation(ledger.lost, job + " is ok, but its moments are " + job.begin + " and " + job.end);
        }
        for (SoakJob input : job.inputs) {
            if (input.settled && input.ok && input.kind == SoakJob.Kind.TIMES && input.end > job.begin) {
                ledger.violation(ledger.orderViolations, job + " began before its input had ended: " + input);
            }
        }
        device.memory().writeLong(times, 0);
        device.memory().writeLong(times + Long.BYTES, 0);
    }

    @Override
    public String toString() {
        return queue.toString();
    }
}
