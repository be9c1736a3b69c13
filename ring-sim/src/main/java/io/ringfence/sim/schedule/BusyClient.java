package io.ringfence.sim.schedule;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.QueueOptions;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.sim.virtual.VirtualWorld;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One client of a {@link SharedDevice} at work, step by step. One thread's. */
final class BusyClient {

    /** Times vary by up to a quarter, in steps of a thousandth of them. */
    private static final int LEAST_PERMILLE = 750;
    private static final int MOST_PERMILLE = 1_250;
    private static final int DIGITS = 3;

    /** A job that is not known to be finished. */
    private record Pending(PointFence fence, MockJob job, long submitted, boolean lastOfCycle) {
    }

    private final ClientSpec spec;
    private final Entity<MockJob> entity;
    private final SplittableRandom random;
    private final Runnable wake;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Histogram waits = new Histogram(DIGITS);
    private @Nullable BusyClient producer;
    private @Nullable PointFence last;
    private int unfinishedCycles;
    private long restsUntil;
    private long jobs;
    private long failed;

    BusyClient(ClientSpec spec, Scheduler<MockJob> scheduler, long seed, Runnable wake) {
        this.spec = spec;
        this.wake = wake;
        random = new SplittableRandom(seed);
        restsUntil = Seam.nanoTime();
        int capacity = Math.max(2, Integer.highestOneBit(2 * spec.jobs() * spec.ahead() - 1));
        entity = scheduler.openEntity(
                new EntityOptions(QueueOptions.named(spec.name()).withCapacity(capacity), spec.priority()));
    }

    void comesAfter(BusyClient other) {
        producer = other;
    }

    /** Does what can be done now; whether that was anything. */
    boolean step() {
        boolean any = takeFinished();
        while (unfinishedCycles < spec.ahead() && Seam.nanoTime() - restsUntil >= 0) {
            submitCycle();
            any = true;
        }
        return any;
    }

    /** Takes off what is finished; whether that was anything. */
    boolean takeFinished() {
        boolean any = false;
        for (Pending first = pending.peek(); first != null && first.fence.isDone(); first = pending.peek()) {
            var _ = pending.poll();
            finished(first);
            any = true;
        }
        return any;
    }

    private void finished(Pending one) {
        if (one.fence.outcome() == Outcome.OK) {
            jobs++;
            waits.recordValue(Math.max(0, one.job.begins() - one.submitted));
        } else {
            failed++;
        }
        if (one.lastOfCycle) {
            unfinishedCycles--;
            if (spec.ahead() == 1) {
                restsUntil = Seam.nanoTime() + varied(spec.restNanos());
            }
        }
    }

    private void submitCycle() {
        unfinishedCycles++;
        BusyClient before = producer;
        PointFence input = before == null ? null : before.last;
        for (int i = 1; i <= spec.jobs(); i++) {
            submit(i == 1 ? input : null, i == spec.jobs());
        }
        if (spec.ahead() > 1) {
            restsUntil = Seam.nanoTime() + varied(spec.restNanos());
        }
    }

    private void submit(@Nullable Fence input, boolean lastOfCycle) {
        MockJob job = new MockJob(spec.name(), varied(spec.eachNanos()), 1);
        long submitted = Seam.nanoTime();
        PointFence fence = input == null ? entity.trySubmitFence(job) : entity.trySubmitFence(job, input);
        if (fence == null) {
            throw new IllegalStateException("no room for a job of " + spec + ": " + entity.status());
        }
        pending.add(new Pending(fence, job, submitted, lastOfCycle));
        last = fence;
        if (lastOfCycle) {
            var _ = fence.onDone(wake);
        }
        VirtualWorld world = VirtualWorld.installed();
        if (world != null) {
            // It takes a moment: no two jobs are equally old, and who submits first has submitted first.
            world.standStill(1);
        }
    }

    private long varied(long nanos) {
        return nanos * random.nextInt(LEAST_PERMILLE, MOST_PERMILLE + 1) / 1_000;
    }

    /** How long it has nothing to do, unless a cycle is finished; 0 until then. */
    long nanosToWait() {
        return unfinishedCycles < spec.ahead() ? Math.max(1, restsUntil - Seam.nanoTime()) : 0;
    }

    DeviceShares.Share share() {
        return new DeviceShares.Share(spec, jobs, failed, entity.status().runtimeNanos(), waits.copy());
    }
}
