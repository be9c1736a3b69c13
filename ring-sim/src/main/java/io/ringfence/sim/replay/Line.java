package io.ringfence.sim.replay;

import java.util.ArrayDeque;
import java.util.Deque;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/** Where the jobs of one recorded queue are submitted, and those that could not be yet. One thread's. */
final class Line {

    /** Submits a job if there is room. */
    @FunctionalInterface
    interface Submission {
        @Nullable
        PointFence submit(TimedJob job, Fence[] dependencies);
    }

    private final Submission submission;
    private final Deque<Integer> held = new ArrayDeque<>();
    /** What a job that is held waits for, so that each try does not make another one. */
    private int gatedJob = -1;
    private @Nullable Fence gate;

    Line(Submission submission) {
        this.submission = submission;
    }

    @Nullable
    PointFence submit(int job, Fence[] dependencies) {
        return submission.submit(new TimedJob(job), dependencies);
    }

    /** The fence that the clock signals when a job is ready. */
    Fence gate(int job, long ready, Gates gates) {
        Fence known = gate;
        if (known == null || gatedJob != job) {
            known = gates.at(ready);
            gate = known;
            gatedJob = job;
        }
        return known;
    }

    /** Jobs whose time has come and for which there is no room, or whose dependencies are not submitted themselves. */
    Deque<Integer> held() {
        return held;
    }
}
