package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;

import org.HdrHistogram.Histogram;

import io.ringfence.scheduler.Priority;
import io.ringfence.sim.workload.IndexSort;
import io.ringfence.sim.workload.Recording;

/** Measures waiting and shares, given when the device was done with each job. */
final class OutcomeMeter {

    private static final int DIGITS = 3;
    private static final int KINDS = 3;
    private static final int END = 0;
    private static final int READY = 1;
    private static final int BEGIN = 2;
    private static final int NOBODY = -1;

    private final Recording recording;
    private final RingTimes times;
    private final IntToLongFunction end;
    private final long[] readyAt;

    OutcomeMeter(Recording recording, RingTimes times, IntToLongFunction end) {
        this.recording = recording;
        this.times = times;
        this.end = end;
        readyAt = new long[recording.jobCount()];
        boolean anyDependency = recording.dependencyCount() > 0;
        for (int job = 0; job < readyAt.length; job++) {
            readyAt[job] = recording.readyNanos(job);
            for (int source : anyDependency ? recording.dependencies(job) : new int[0]) {
                if (recording.waitsForEnd(job, source)) {
                    readyAt[job] = Math.max(readyAt[job], end.applyAsLong(source));
                }
            }
        }
    }

    private long begin(int job) {
        return end.applyAsLong(job) - times.service(job);
    }

    Outcome outcome(String name, Map<Integer, Priority> priorities) {
        long makespan = 0;
        for (int job = 0; job < readyAt.length; job++) {
            makespan = Math.max(makespan, end.applyAsLong(job));
        }
        double[] shares = shares();
        List<ClientFigures> clients = new ArrayList<>();
        Histogram waits = new Histogram(DIGITS);
        int[] byContext = IndexSort.sort(readyAt.length,
                (a, b) -> Integer.compare(recording.queue(a), recording.queue(b)));
        int next = 0;
        for (int queue = 0; queue < recording.queueCount(); queue++) {
            waits.reset();
            long worst = 0;
            int first = next;
            while (next < byContext.length && recording.queue(byContext[next]) == queue) {
                int job = byContext[next++];
                long wait = Math.max(0, begin(job) - readyAt[job]);
                waits.recordValue(wait);
                worst = Math.max(worst, wait);
            }
            clients.add(new ClientFigures(queue, priorities.getOrDefault(queue, Priority.NORMAL), next - first,
                    shares[queue], Math.min(worst, waits.getValueAtPercentile(50)),
                    Math.min(worst, waits.getValueAtPercentile(99)), worst));
        }
        return new Outcome(name, makespan, clients);
    }

    // ---- shares

    /** Goes through time on all rings at once. */
    private double[] shares() {
        int[] events = IndexSort.sort(Math.multiplyExact(KINDS, readyAt.length), (a, b) -> {
            int byTime = Long.compare(time(a), time(b));
            return byTime != 0 ? byTime : Integer.compare(a % KINDS, b % KINDS);
        });
        Sweep sweep = new Sweep();
        for (int event : events) {
            sweep.take(event % KINDS, event / KINDS, time(event));
        }
        return sweep.shares();
    }

    private long time(int event) {
        int job = event / KINDS;
        return switch (event % KINDS) {
            case END -> end.applyAsLong(job);
            case READY -> Math.min(readyAt[job], begin(job));
            default -> begin(job);
        };
    }

    /** What every context has to do, and whose job each device works on, as time goes by. */
    private final class Sweep {
        private final int[] pending = new int[recording.queueCount()];
        private final int[] busyContexts = new int[recording.ringCount()];
        private final int[] working = new int[recording.ringCount()];
        private final long[] since = new long[recording.ringCount()];
        private final long[] got = new long[recording.queueCount()];
        private final long[] all = new long[recording.ringCount()];

        private Sweep() {
            Arrays.fill(working, NOBODY);
        }

        private void take(int kind, int job, long now) {
            int ring = recording.ring(job);
            int queue = recording.queue(job);
            account(ring, now);
            switch (kind) {
                case READY -> busyContexts[ring] += pending[queue]++ == 0 ? 1 : 0;
                case BEGIN -> working[ring] = job;
                default -> {
                    busyContexts[ring] -= --pending[queue] == 0 ? 1 : 0;
                    working[ring] = working[ring] == job ? NOBODY : working[ring];
                }
            }
        }

        private void account(int ring, long now) {
            if (working[ring] != NOBODY && busyContexts[ring] > 1) {
                got[recording.queue(working[ring])] += now - since[ring];
                all[ring] += now - since[ring];
            }
            since[ring] = now;
        }

        private double[] shares() {
            double[] shares = new double[got.length];
            for (int queue = 0; queue < shares.length; queue++) {
                long total = all[recording.context(queue).ring()];
                shares[queue] = total == 0 ? 0 : (double) got[queue] / total;
            }
            return shares;
        }
    }
}
