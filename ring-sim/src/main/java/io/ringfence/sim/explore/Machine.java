package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.ringfence.driver.DriverLink;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.explore.Device.Style;

import org.jspecify.annotations.Nullable;

/**
 * What a device does by itself: its work takes as long as the strategy likes. It is a task of its own from when it is opened until it
 * is closed and has nothing left.
 */
abstract class Machine {

    /** So many steps pass before a device that spares interrupts looks whether one is needed. */
    private static final int HELD_BACK = 8;

    final World world;
    final String name;
    final Style style;
    final boolean inOrder;
    final Witness witness;
    @Nullable
    Domain domain;
    final List<Job> onDevice = new ArrayList<>();
    /** Finished, and not told yet, in the order in which they were. */
    final List<Job> untold = new ArrayList<>();
    /** The one that is just being pushed. */
    @Nullable
    Job pushing;
    /** Devices whose jobs wait for some of this one. */
    final Set<Machine> waiters = new LinkedHashSet<>();
    long word;
    long armed;
    boolean lost;
    /** It raises no interrupt for what it was polled for meanwhile. */
    boolean spares;
    /** Its queue expects nothing of it any more. */
    boolean givenUp;
    @Nullable
    DriverLink link;
    @Nullable
    Task task;
    boolean closed;
    /** How often it says that a job does not hang. */
    int patience;
    /** The last epoch of which everything was given up. */
    int emptied = -1;
    /** The last epoch in which somebody told of a fault. */
    int faultIn = -1;
    /** When it was polled last, in steps. */
    int polledAt;

    Machine(World world, String name, Style style, boolean inOrder) {
        this.world = world;
        this.name = name;
        this.style = style;
        this.inOrder = inOrder;
        witness = new Witness(world, name);
    }

    /** Never completes anything any more, and says so when it is polled. */
    void lose() {
        world.note(name + " is lost");
        lost = true;
        for (Job job : onDevice) {
            // Who waits for it on the device is told that it failed.
            job.failed = true;
            job.completeAt = Math.max(1, world.steps());
        }
        tellWaiters();
        DriverLink known = link;
        if (known != null && !closed) {
            known.interrupt();
        }
        wake();
    }

    final boolean isLost() {
        return lost;
    }

    final void live() {
        while (!closed || !lost && !onDevice.isEmpty()) {
            Job job = lost || isStopped() ? null : pick();
            if (job == null) {
                if (closed && isStopped()) {
                    return;
                }
                Seam.park(this);
                continue;
            }
            job.begun = true;
            int epoch = witness.epoch();
            Seam.at(Site.DEVICE);
            if (!lost && !isStopped() && epoch == witness.epoch()) {
                finish(job);
            }
        }
    }

    final boolean isStopped() {
        Domain known = domain;
        return known != null && known.isStopped();
    }

    private @Nullable Job pick() {
        List<Job> able = new ArrayList<>();
        for (Job job : onDevice) {
            boolean fails = job.failsOnDevice || job.inputLost;
            if (fails || !job.waitsOnDevice()) {
                if (job.hangs) {
                    hang(job);
                    if (inOrder) {
                        break;
                    }
                } else {
                    able.add(job);
                }
            } else if (inOrder) {
                break;
            }
        }
        return able.isEmpty() ? null : able.get(inOrder ? 0 : world.choose(able.size()));
    }

    /** A job that the device cannot go on with. */
    private void hang(Job job) {
        DriverLink known = link;
        if (domain == null || job.begun || known == null) {
            return;
        }
        job.begun = true;
        world.note(name + " hangs in " + job + "#" + job.seqno);
        if (!job.hangsSilently) {
            int times = 1 + patience;
            faultIn = witness.epoch();
            job.faultAt = world.steps();
            Task _ = world.spawn("fault of " + job, () -> {
                for (int i = 0; i < times; i++) {
                    Seam.at(Site.DEVICE);
                    known.fault(job.seqno, job + " hangs");
                }
            });
        }
    }

    final void finish(Job job) {
        DriverLink known = link;
        if (!onDevice.contains(job) || known == null || isLate(job, known)) {
            return;
        }
        onDevice.remove(job);
        job.completeAt = world.steps();
        job.failed |= hasFailed(job);
        tellWaiters();
        world.note(name + " finishes " + job + "#" + job.seqno + (job.failed ? ", failed" : ""));
        switch (style) {
            case COMPARE -> word = job.seqno;
            case POLL -> untold.add(job);
            case PUSH -> {
                pushing = job;
                push(known, job, job.failed);
                pushing = null;
            }
        }
        // A spared interrupt is held back first, so that the cause can be seen meanwhile.
        for (int i = spares ? HELD_BACK : 1; i > 0; i--) {
            Seam.at(Site.DEVICE);
        }
        // Not once more than asked: that would hide that it was not asked.
        if (style != Style.PUSH && job.seqno == armed && !(spares && !untold.contains(job))) {
            known.interrupt();
        }
    }

    private static boolean hasFailed(Job job) {
        return job.failsOnDevice || job.inputLost || job.onDeviceAfter.stream().anyMatch(other -> other.failed);
    }

    /** Whoever pushes may be too late: the ring was stopped, or reset, after he had seen the completion. */
    private boolean isLate(Job job, DriverLink known) {
        if (style != Style.PUSH || domain == null) {
            return false;
        }
        int epoch = witness.epoch();
        Seam.at(Site.DEVICE);
        if (isStopped() && world.choose(2) == 1) {
            world.note(name + " tells of " + job + "#" + job.seqno + " while it stands still");
            job.unsure = true;
            onDevice.remove(job);
            push(known, job, hasFailed(job));
            return true;
        }
        while (isStopped() && !closed) {
            Seam.park(this);
        }
        if (epoch != witness.epoch() || !onDevice.contains(job)) {
            world.note(name + " tells of " + job + "#" + job.seqno + " though it was reset");
            push(known, job, hasFailed(job));
            return true;
        }
        return closed;
    }

    private void tellWaiters() {
        waiters.forEach(Machine::wake);
    }

    private void push(DriverLink known, Job job, boolean failed) {
        if (failed) {
            known.failed(job.seqno, new IllegalStateException(job + " failed"));
        } else if (inOrder) {
            known.completedThrough(job.seqno);
        } else {
            known.completed(job.seqno);
        }
    }

    void wake() {
        Task device = task;
        if (device != null) {
            Seam.unpark(device.thread);
        }
    }

    /** Everything that is not complete is given up. */
    void forget(@Nullable Job guilty) {
        for (Job job : onDevice) {
            for (Machine waiter : waiters) {
                waiter.inputGone(job, domain);
            }
            job.forgotten(guilty);
        }
        world.note(name + " gives up " + onDevice);
        onDevice.clear();
        if (!untold.isEmpty()) {
            world.violate(name + " is reset, and its last word was not taken: " + untold);
        }
        word = 0;
        armed = 0;
        emptied = link == null ? emptied : witness.epoch();
    }

    /** What waits for a job of this one would do so for ever. */
    void letWaitersGo() {
        givenUp = true;
        world.note(name + " is given up");
        for (Machine waiter : waiters) {
            for (Job job : waiter.onDevice) {
                job.inputLost |= job.onDeviceAfter.stream().anyMatch(onDevice::contains);
            }
            waiter.wake();
        }
    }

    private void inputGone(Job input, @Nullable Domain reset) {
        for (Job job : onDevice) {
            // What is of the same domain is given up with it.
            job.inputLost |= domain != reset && job.onDeviceAfter.contains(input);
        }
        wake();
    }
}
