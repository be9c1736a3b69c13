package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/** A payload, and what has become of it. */
final class Job {

    final String name;
    /** What it costs in credits. */
    int cost = 1;
    /** Its run throws. */
    boolean throwsInRun;
    /** The device reports it as failed. */
    boolean failsOnDevice;
    /** The device completes it only if it is asked to give it up. */
    boolean hangs;
    /** The device completes it before run returns. */
    boolean atOnce;

    /** What it waits for; set before it is submitted. */
    List<Fence> dependencies = List.of();
    /** Jobs of the same batch that it waits for. */
    List<Job> after = List.of();
    /** Jobs of other queues that the device makes it wait for. */
    final List<Job> onDeviceAfter = new ArrayList<>();
    @Nullable
    PointFence fence;
    /** A submission answered that the job is the queue's now. */
    boolean accepted;
    boolean refused;
    /** Somebody has cancelled it in time. */
    boolean mustNotRun;
    int runs;
    int cancels;
    int signals;
    /** A callback hangs on it. */
    boolean watched;
    int retires;
    /** The device gave it up, or failed it. */
    boolean failed;
    long seqno;
    /** The steps of the schedule at which it was run, and at which the device was done with it; 0 if that did not happen. */
    int ranAt;
    int completeAt;

    Job(String name) {
        this.name = name;
    }

    Job cost(int credits) {
        cost = credits;
        return this;
    }

    Job throwing() {
        throwsInRun = true;
        return this;
    }

    Job failing() {
        failsOnDevice = true;
        return this;
    }

    Job hanging() {
        hangs = true;
        return this;
    }

    Job atOnce() {
        atOnce = true;
        return this;
    }

    /** Whether something that it waits for on the device is not complete there. */
    boolean waitsOnDevice() {
        return onDeviceAfter.stream().anyMatch(other -> other.completeAt == 0);
    }

    @Override
    public String toString() {
        return name;
    }
}
