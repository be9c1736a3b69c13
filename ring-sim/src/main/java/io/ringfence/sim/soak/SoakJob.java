package io.ringfence.sim.soak;

import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.Command;

import org.jspecify.annotations.Nullable;

/** A payload, and what its owner knows of it. */
final class SoakJob {

    /** What a job leaves behind in its cell. */
    enum Kind {
        /** One is added to a counter: it shows how often it was executed. */
        ADD,
        /** The moments of begin and end are written: it shows when. */
        TIMES,
        /** Nothing. */
        NOTHING
    }

    final Kind kind;
    final Command command;
    /** Where on the device it leaves something, or -1. */
    final long cell;
    /** What it names: jobs of the same owner. */
    final List<SoakJob> inputs;
    /** What it names of others. */
    final @Nullable Fence foreign;
    /** Set when it was submitted, which it may be run before. */
    volatile @Nullable PointFence fence;
    /** The epoch of its ring in which it was handed over last, -1 before; written by whoever holds the issue turn. */
    volatile int ranIn = -1;
    boolean settled;
    boolean ok;
    /** By the device's clock, once it is settled ok. */
    long begin;
    long end;

    SoakJob(Kind kind, Command command, long cell, List<SoakJob> inputs, @Nullable Fence foreign) {
        this.kind = kind;
        this.command = command;
        this.cell = cell;
        this.inputs = inputs;
        this.foreign = foreign;
    }

    /** What is to be submitted with it. */
    Fence[] dependencies() {
        Fence[] named = new Fence[inputs.size() + (foreign == null ? 0 : 1)];
        for (int i = 0; i < inputs.size(); i++) {
            PointFence fence = inputs.get(i).fence;
            if (fence == null) {
                throw new IllegalStateException("an input that was not submitted");
            }
            named[i] = fence;
        }
        if (foreign != null) {
            named[inputs.size()] = foreign;
        }
        return named;
    }

    @Override
    public String toString() {
        return kind + " " + fence;
    }
}
