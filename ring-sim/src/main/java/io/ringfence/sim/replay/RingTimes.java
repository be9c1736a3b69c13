package io.ringfence.sim.replay;

import java.util.Arrays;

import io.ringfence.sim.workload.IndexSort;
import io.ringfence.sim.workload.Recording;

/** What follows from the recorded times of jobs on rings that execute in order. */
final class RingTimes {

    private final long[] service;
    private final int[] mostInFlight;
    private final int[] jobs;
    private final int[] backlog;

    RingTimes(Recording recording) {
        int count = recording.jobCount();
        service = new long[count];
        mostInFlight = new int[recording.ringCount()];
        jobs = new int[recording.queueCount()];
        backlog = new int[recording.queueCount()];
        int[] byStart = IndexSort.sort(count,
                (a, b) -> Long.compare(recording.startNanos(a), recording.startNanos(b)));
        int[] byEnd = IndexSort.sort(count, (a, b) -> Long.compare(recording.endNanos(a), recording.endNanos(b)));
        measure(recording, byStart, byEnd);
        measureBacklog(recording, byStart);
    }

    private void measure(Recording recording, int[] byStart, int[] byEnd) {
        long[] last = new long[mostInFlight.length];
        int[] inFlight = new int[mostInFlight.length];
        Arrays.fill(last, Long.MIN_VALUE);
        Arrays.fill(mostInFlight, 1);
        int ended = 0;
        for (int job : byStart) {
            while (ended < byEnd.length && recording.endNanos(byEnd[ended]) <= recording.startNanos(job)) {
                inFlight[recording.ring(byEnd[ended++])]--;
            }
            int ring = recording.ring(job);
            inFlight[ring]++;
            mostInFlight[ring] = Math.max(mostInFlight[ring], inFlight[ring]);
            // The device worked on it from when the one before it was done, if it had it by then.
            service[job] = Math.max(0, recording.endNanos(job) - Math.max(recording.startNanos(job), last[ring]));
            last[ring] = Math.max(last[ring], recording.endNanos(job));
        }
    }

    private void measureBacklog(Recording recording, int[] byStart) {
        int[] waiting = new int[jobs.length];
        int started = 0;
        for (int job = 0; job < recording.jobCount(); job++) {
            while (started < byStart.length
                    && recording.startNanos(byStart[started]) <= recording.submitNanos(job)) {
                waiting[recording.queue(byStart[started++])]--;
            }
            int queue = recording.queue(job);
            jobs[queue]++;
            waiting[queue]++;
            backlog[queue] = Math.max(backlog[queue], waiting[queue]);
        }
    }

    /** How long a job kept the device: from when it had it and was done with the one before. */
    long service(int job) {
        return service[job];
    }

    /** The most jobs that were on a ring at a time; at least 1. */
    int mostInFlight(int ring) {
        return mostInFlight[ring];
    }

    /** How many jobs a context has. */
    int jobs(int queue) {
        return jobs[queue];
    }

    /** The most jobs of a context that waited at a time. */
    int backlog(int queue) {
        return backlog[queue];
    }
}
