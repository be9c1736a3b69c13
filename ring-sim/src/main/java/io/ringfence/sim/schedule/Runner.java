package io.ringfence.sim.schedule;

import java.util.ArrayDeque;
import java.util.Deque;

import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.QueueOptions;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Scheduler;

import org.jspecify.annotations.Nullable;

/** One contender at work, step by step. */
final class Runner {

    private static final int CAPACITY = 1 << 13;

    private final Contender contender;
    private final Entity<MockJob> entity;
    private final int cycles;
    private final int number;
    private final Contest.Race race;
    private final long begun = Seam.nanoTime();
    private final Deque<PointFence> pending = new ArrayDeque<>();

    private int started;
    private int completed;
    private long cycleBegun;
    private @Nullable PointFence last;
    private long restsUntil;
    private boolean rests;
    private long ended;
    private long latencies;
    private long worst;
    private long jobsWhenFirst;

    Runner(Contender contender, Scheduler<MockJob> scheduler, int number, long millis, Contest.Race race) {
        this.contender = contender;
        this.number = number;
        this.race = race;
        cycles = contender.cycles(millis);
        entity = scheduler.openEntity(new EntityOptions(
                QueueOptions.named("client-" + number).withCapacity(CAPACITY), contender.priority()));
    }

    /** Does what can be done now; whether that was anything. */
    boolean step() {
        boolean any = false;
        while (!pending.isEmpty() && pending.peek().isDone()) {
            var _ = pending.poll();
            completed++;
            race.cycled();
            any = true;
        }
        if (isOver()) {
            return any;
        }
        boolean more = started == cycles ? end() : cycle();
        return any || more;
    }

    private boolean end() {
        if (!pending.isEmpty() || last != null && !last.isDone()) {
            return false;
        }
        finishCycle();
        ended = Seam.nanoTime();
        race.ended();
        return true;
    }

    private boolean cycle() {
        long now = Seam.nanoTime();
        if (last != null) {
            if (contender.sync() && !last.isDone()) {
                return false;
            }
            finishCycle();
            restsUntil = race.restsUntil(now, contender.waitMicros());
            rests = true;
        }
        if (rests && now < restsUntil) {
            return false;
        }
        rests = false;
        begin(now);
        return true;
    }

    private void begin(long now) {
        cycleBegun = now;
        PointFence fence = null;
        for (int i = 0; i < contender.jobs(); i++) {
            fence = entity.trySubmitFence(
                    MockJob.micros("client " + number + " cycle " + started, contender.jobMicros()));
            if (fence == null) {
                throw new IllegalStateException("no room: " + entity.status());
            }
            race.submitted();
        }
        started++;
        last = fence;
        if (fence != null) {
            pending.add(fence);
        }
    }

    private void finishCycle() {
        PointFence done = last;
        last = null;
        if (done != null && contender.sync()) {
            long latency = Math.max(0, Seam.nanoTime() - cycleBegun - contender.workMicros() * 1_000);
            latencies += latency;
            worst = Math.max(worst, latency);
        }
    }

    boolean isOver() {
        return ended != 0;
    }

    int completed() {
        return completed;
    }

    long nanosToWait() {
        return rests ? Math.max(1, restsUntil - Seam.nanoTime()) : 0;
    }

    void firstHasEnded() {
        jobsWhenFirst = entity.timeline().signaled();
    }

    Contest.Score score() {
        return new Contest.Score((ended - begun) / 1e6, latencies / 1e6 / cycles, worst / 1e6, jobsWhenFirst,
                jobsWhenFirst * contender.jobMicros() * 1_000);
    }
}
