package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
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

    /** As {@link #hangs}, and nobody tells. */
    boolean hangsSilently;
    /** It may be executed again after it was begun. */
    boolean repeatable;

    /** What it waits for; set before it is submitted. */
    List<Fence> dependencies = List.of();
    /** Jobs of the same batch that it waits for. */
    List<Job> after = List.of();
    /** With which others it is to be run, or null. */
    @Nullable
    StageGang gang;
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
    /** In which epoch of its ring it was handed over or refused last. */
    int epoch = -1;
    /** In which epoch somebody had it cancelled: it is not to be run in a later one. */
    int cancelledIn = Integer.MAX_VALUE;
    /** The device has begun it in this epoch. */
    boolean begun;
    /** When the device told that it hangs, in steps. */
    int faultAt;
    /** What it waits for on the device will not come any more. */
    boolean inputLost;
    /** Why it fails after a reset, if it does. */
    @Nullable
    Class<? extends Failure> condemned;
    /** Its entity was found guilty while it was on the device: it is not to be run again. */
    boolean isVoid;
    /** It was told complete while its ring stood still, perhaps too late to count. */
    boolean unsure;
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

    Job hangingSilently() {
        hangs = true;
        hangsSilently = true;
        return this;
    }

    Job repeatable() {
        repeatable = true;
        return this;
    }

    Job atOnce() {
        atOnce = true;
        return this;
    }

    /** Whether nothing more is to be done with it, or that was done in an epoch. */
    boolean isSettledOrIn(int now) {
        return epoch == now || cancels != 0 || completeAt != 0 || condemned != null || unsure || throwsInRun
                || isVoid;
    }

    /** Its ring will not execute it any more, and has not executed all of it. */
    boolean isRefused() {
        return cancels != 0 || throwsInRun || condemned != null || isVoid;
    }

    /** Its ring was reset. */
    void forgotten(@Nullable Job guilty) {
        if (this == guilty && begun) {
            condemned = Failure.TimedOut.class;
        } else if (begun && !repeatable) {
            condemned = Failure.InnocentVictim.class;
        }
        begun = false;
        inputLost = false;
        onDeviceAfter.clear();
    }

    /** Whether something that it waits for on the device is not complete there, or others of its gang were not run. */
    boolean waitsOnDevice() {
        StageGang others = gang;
        return onDeviceAfter.stream().anyMatch(other -> other.completeAt == 0)
                || others != null && others.isIncomplete();
    }

    @Override
    public String toString() {
        return name;
    }
}
