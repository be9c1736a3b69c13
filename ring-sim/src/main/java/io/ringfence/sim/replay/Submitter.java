package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;

import io.ringfence.sim.workload.Recording;

import org.jspecify.annotations.Nullable;

/**
 * Submits the jobs of a recording at their recorded times, each with fences for what it depends on: the ends of other jobs, and a
 * fence that is signalled when the job became ready. At equal times devices complete first, then fences are signalled, then jobs
 * submitted. One thread's.
 */
final class Submitter {

    private static final int PROGRESS_EVERY = 1024;
    private static final Fence[] NONE = {};

    private final Recording recording;
    private final ReplayClock clock;
    private final List<Line> lines;
    private final Readiness readiness;
    private final Gates gates = new Gates();
    private final long[] submits;
    private final boolean[] submitted;
    /** Of jobs that others depend on. */
    private final @Nullable PointFence[] fences;
    private final boolean[] isNamed;
    private final List<Line> waiting = new ArrayList<>();
    private long late;

    /** The moment before which a job may not begin, whatever it depends on. */
    @FunctionalInterface
    interface Readiness {
        long readyAt(int job);
    }

    Submitter(Recording recording, ReplayClock clock, List<Line> lines, Readiness readiness) {
        this.recording = recording;
        this.clock = clock;
        this.lines = lines;
        this.readiness = readiness;
        int jobs = recording.jobCount();
        submits = new long[jobs];
        boolean any = recording.dependencyCount() > 0;
        fences = new PointFence[any ? jobs : 0];
        submitted = new boolean[any ? jobs : 0];
        isNamed = new boolean[any ? jobs : 0];
        for (int job = 0; job < isNamed.length; job++) {
            for (int source : recording.dependencies(job)) {
                isNamed[source] = true;
            }
        }
    }

    /** When each job was submitted. */
    long[] submits() {
        return submits;
    }

    /** Jobs that were submitted later than recorded, for there was no room. */
    long late() {
        return late;
    }

    /** What waits for its moment is told that it will not come. */
    void giveUp() {
        gates.giveUp();
    }

    /** Submits everything; returns when the last fence was signalled that the clock signals. */
    void submitAll(LongConsumer progress) throws InterruptedException {
        int next = 0;
        int jobs = recording.jobCount();
        while (next < jobs || gates.next() != Long.MAX_VALUE || !waiting.isEmpty()) {
            long moment = Math.min(next < jobs ? recording.submitNanos(next) : Long.MAX_VALUE, gates.next());
            pass(moment);
            gates.open(clock.now());
            submitHeld();
            while (next < jobs && recording.submitNanos(next) <= clock.now()) {
                submit(next++);
                if (next % PROGRESS_EVERY == 0) {
                    progress.accept(next);
                }
            }
        }
        progress.accept(jobs);
    }

    /** Lets time pass until a moment, or, while jobs are held, until something happens. */
    private void pass(long moment) throws InterruptedException {
        if (waiting.isEmpty()) {
            clock.until(moment);
        } else if (!clock.pass(moment)) {
            if (moment == Long.MAX_VALUE) {
                throw new IllegalStateException("the replay is stuck: " + waiting.getFirst().held().peek()
                        + " cannot be submitted and nothing is left to happen");
            }
            clock.until(moment);
        }
    }

    private void submit(int job) {
        Line line = lines.get(recording.queue(job));
        if (!line.held().isEmpty() || !trySubmit(line, job)) {
            if (line.held().isEmpty()) {
                waiting.add(line);
            }
            line.held().add(job);
            late++;
        }
    }

    private void submitHeld() {
        for (int i = 0; i < waiting.size(); i++) {
            Line line = waiting.get(i);
            Integer first = line.held().peek();
            while (first != null && trySubmit(line, first)) {
                var _ = line.held().poll();
                first = line.held().peek();
            }
        }
        waiting.removeIf(line -> line.held().isEmpty());
    }

    private boolean trySubmit(Line line, int job) {
        int[] sources = isNamed.length == 0 ? new int[0] : recording.dependencies(job);
        for (int source : sources) {
            if (!submitted[source]) {
                return false;
            }
        }
        long now = clock.now();
        long ready = readiness.readyAt(job);
        Fence[] named = named(sources, ready > now ? line.gate(job, ready, gates) : null);
        PointFence fence = line.submit(job, named);
        if (fence == null) {
            return false;
        }
        submits[job] = now;
        if (isNamed.length > 0) {
            submitted[job] = true;
            if (isNamed[job]) {
                fences[job] = fence;
            }
        }
        return true;
    }

    private Fence[] named(int[] sources, @Nullable Fence gate) {
        if (sources.length == 0 && gate == null) {
            return NONE;
        }
        List<Fence> named = new ArrayList<>(sources.length + 1);
        for (int source : sources) {
            PointFence fence = fences[source];
            if (fence != null && !fence.isDone()) {
                named.add(fence);
            }
        }
        if (gate != null) {
            named.add(gate);
        }
        return named.toArray(NONE);
    }
}
