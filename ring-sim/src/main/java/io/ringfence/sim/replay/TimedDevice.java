package io.ringfence.sim.replay;

import java.util.Comparator;
import java.util.PriorityQueue;

import io.ringfence.driver.DriverLink;
import io.ringfence.internal.seam.Loop;

import org.jspecify.annotations.Nullable;

/** A device whose jobs only take time, on whatever clock there is. It tells of what it has completed by itself. */
final class TimedDevice implements Loop.Task {

    private record Due(long time, long order, DriverLink link, long seqno, int job) {
    }

    private final Loop loop = new Loop("ringfence-timed-device", Loop.Role.NO_TURNS, this);
    private final ReplayClock clock;
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::time).thenComparingLong(Due::order));
    private final long[] starts;
    private final long[] ends;
    private long handedOver;
    private int rings;

    TimedDevice(ReplayClock clock, int jobs) {
        this.clock = clock;
        starts = new long[jobs];
        ends = new long[jobs];
        loop.start();
    }

    /** When each job was handed over. The device's until it is done with the job. */
    long[] starts() {
        return starts;
    }

    /** When each job was done. */
    long[] ends() {
        return ends;
    }

    synchronized void opened() {
        rings++;
    }

    void closed() {
        boolean last;
        synchronized (this) {
            rings--;
            last = rings == 0;
        }
        if (last) {
            loop.stop();
        }
    }

    long now() {
        return clock.now();
    }

    synchronized void add(long time, DriverLink link, long seqno, int job, long now) {
        starts[job] = now;
        due.add(new Due(time, handedOver++, link, seqno, job));
    }

    /** Gives a job up, if it is not done. */
    void abort(int job) {
        Due found = null;
        synchronized (this) {
            for (Due one : due) {
                found = one.job() == job ? one : found;
            }
            if (found == null || !due.remove(found)) {
                return;
            }
        }
        found.link().failed(found.seqno(), new IllegalStateException("job " + job + " was given up"));
    }

    void wake() {
        loop.wake();
    }

    @Override
    public boolean work() {
        boolean any = false;
        for (Due first = takeDue(); first != null; first = takeDue()) {
            first.link().completed(first.seqno());
            any = true;
        }
        return any;
    }

    private synchronized @Nullable Due takeDue() {
        Due first = due.peek();
        long now = clock.now();
        if (first == null || first.time() > now) {
            return null;
        }
        ends[first.job()] = now;
        return due.poll();
    }

    @Override
    public synchronized long nanosToWait() {
        Due first = due.peek();
        return first == null ? 0 : Math.max(1, clock.device(first.time() - clock.now()));
    }
}
