package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/**
 * A device whose work takes as long as the strategy likes, and which watches what its queue does: it is the witness of a schedule.
 * It is a task of its own from when it is opened until it is closed and has nothing left.
 */
final class Device implements Driver<Job> {

    /** How completions reach the queue. */
    enum Style {
        /** The queue polls and is interrupted when it has asked for it. */
        POLL,
        /** The queue compares a word of the device. */
        COMPARE,
        /** The device tells every completion. */
        PUSH
    }

    /** How deep one call of a device may stand above another. */
    private static final int DEEPEST = 200;
    private static final int LOOK_EVERY = 16;

    private final World world;
    private final String name;
    private final Style style;
    private final boolean inOrder;
    private boolean blocks;
    private boolean waits;
    private final List<Job> onDevice = new ArrayList<>();
    /** All that were ever handed to it, by seqno. */
    private final Map<Long, Job> handed = new HashMap<>();
    /** Finished, and not told yet, in the order in which they were. */
    private final List<Job> untold = new ArrayList<>();
    /** Devices whose jobs wait for some of this one. */
    private final Set<Device> waiters = new LinkedHashSet<>();
    private long word;
    private long armed;
    private boolean lost;
    private @Nullable DriverLink link;
    private @Nullable Task task;
    private boolean closed;
    private long passed;
    private @Nullable Task inside;
    private @Nullable StageQueue queue;
    private int runs;

    Device(World world, String name, Style style, boolean inOrder) {
        this.world = world;
        this.name = name;
        this.style = style;
        this.inOrder = inOrder;
    }

    void serves(StageQueue served) {
        queue = served;
    }

    Device blocking() {
        blocks = true;
        return this;
    }

    /** The device makes jobs wait for those of others that do so too. */
    Device waiting() {
        waits = true;
        return this;
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

    boolean isLost() {
        return lost;
    }

    // ---- the device

    private void live() {
        while (!closed || !lost && !onDevice.isEmpty()) {
            Job job = lost ? null : pick();
            if (job == null) {
                Seam.park(this);
                continue;
            }
            Seam.at(Site.DEVICE);
            if (!lost) {
                finish(job);
            }
        }
    }

    private @Nullable Job pick() {
        List<Job> able = new ArrayList<>();
        for (Job job : onDevice) {
            if (!job.hangs && (job.failsOnDevice || !job.waitsOnDevice())) {
                able.add(job);
            } else if (inOrder) {
                break;
            }
        }
        return able.isEmpty() ? null : able.get(inOrder ? 0 : world.choose(able.size()));
    }

    private void finish(Job job) {
        if (!onDevice.remove(job)) {
            return;
        }
        job.completeAt = world.steps();
        job.failed |= job.failsOnDevice || job.onDeviceAfter.stream().anyMatch(other -> other.failed);
        tellWaiters();
        world.note(name + " finishes " + job + "#" + job.seqno + (job.failed ? ", failed" : ""));
        DriverLink known = link;
        if (known == null) {
            return;
        }
        switch (style) {
            case COMPARE -> word = job.seqno;
            case POLL -> untold.add(job);
            case PUSH -> push(known, job);
        }
        Seam.at(Site.DEVICE);
        // Not once more than asked: that would hide that it was not asked.
        if (style != Style.PUSH && job.seqno == armed) {
            known.interrupt();
        }
    }

    private void tellWaiters() {
        waiters.forEach(Device::wake);
    }

    private void push(DriverLink known, Job job) {
        if (job.failed) {
            known.failed(job.seqno, new IllegalStateException(job + " failed"));
        } else if (inOrder) {
            known.completedThrough(job.seqno);
        } else {
            known.completed(job.seqno);
        }
    }

    private void wake() {
        Task device = task;
        if (device != null) {
            Seam.unpark(device.thread);
        }
    }

    // ---- the driver

    @Override
    public void open(DriverLink opened) {
        link = opened;
        task = world.spawnAsleep(name, this, this::live);
    }

    @Override
    public int maxInFlight() {
        return 1 << 10;
    }

    @Override
    public boolean executesInOrder() {
        return inOrder;
    }

    @Override
    public boolean mayBlock() {
        return blocks;
    }

    private void pass(String what, long seqno, Job job) {
        if (closed) {
            world.violate(what + " of " + job + " after " + name + " was closed");
        }
        if (seqno <= passed) {
            world.violate(what + " of " + job + "#" + seqno + " after #" + passed + " on " + name);
        }
        passed = seqno;
        job.seqno = seqno;
        if (job.runs + job.cancels != 0) {
            world.violate(what + " of " + job + ", which was run " + job.runs + " times and cancelled " + job.cancels
                    + " times before");
        }
        if (inside != null) {
            world.violate(what + " of " + job + " beside another call, of " + inside);
        }
        if (++runs % LOOK_EVERY == 0 && StackWalker.getInstance()
                .walk(frames -> frames.limit(DEEPEST + 1).count()) > DEEPEST) {
            world.violate(what + " of " + job + " stands on more than " + DEEPEST + " frames");
        }
    }

    @Override
    public int maxWaits() {
        return waits ? 2 : 0;
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return waits && producer instanceof Device other && other.waits && other != this;
    }

    @Override
    public void runAfter(long seqno, Job job, DeviceWaits inputs) {
        for (int i = 0; i < inputs.count(); i++) {
            if (!(inputs.producer(i) instanceof Device other)) {
                throw new IllegalArgumentException(inputs.producer(i) + " is no device of this stage");
            }
            Job input = other.taken(inputs.seqno(i));
            if (input == null) {
                world.violate(job + " is to wait for #" + inputs.seqno(i) + " of " + other + ", which was not run");
            } else {
                job.onDeviceAfter.add(input);
                boolean _ = other.waiters.add(this);
            }
        }
        run(seqno, job);
    }

    private @Nullable Job taken(long seqno) {
        return handed.get(seqno);
    }

    @Override
    public void run(long seqno, Job job) {
        pass("run", seqno, job);
        world.note("runs " + job + "#" + seqno + (job.onDeviceAfter.isEmpty() ? "" : " after " + job.onDeviceAfter));
        StageQueue known = queue;
        if (known != null) {
            known.beforeRun(job);
        }
        job.runs++;
        job.ranAt = world.steps();
        if (job.throwsInRun) {
            job.failed = true;
            throw new IllegalStateException(job + " throws");
        }
        onDevice.add(job);
        var _ = handed.put(seqno, job);
        Task before = inside;
        inside = world.running();
        try {
            Seam.at(Site.DEVICE);
            if (job.atOnce) {
                finish(job);
            }
        } finally {
            inside = before;
        }
        wake();
    }

    @Override
    public void cancel(long seqno, Job job) {
        pass("cancel", seqno, job);
        world.note("cancels " + job + "#" + seqno);
        StageQueue known = queue;
        if (known != null) {
            known.beforeCancel(job);
        }
        job.cancels++;
    }

    @Override
    public void abort(long seqno, Job job) {
        if (closed) {
            world.violate("abort of " + job + " after " + name + " was closed");
        }
        if (onDevice.contains(job)) {
            world.note("gives up " + job);
            job.hangs = false;
            job.failsOnDevice = true;
            wake();
        }
    }

    @Override
    public void poll(Completions completions) {
        if (closed) {
            world.violate("poll after " + name + " was closed");
        }
        if (lost) {
            completions.deviceLost(name + " is lost");
            return;
        }
        if (style != Style.POLL) {
            Driver.super.poll(completions);
            return;
        }
        while (!untold.isEmpty()) {
            Job job = untold.getFirst();
            boolean told = job.failed ? completions.failed(job.seqno, new IllegalStateException(job + " failed"))
                    : completions.completed(job.seqno);
            if (!told) {
                return;
            }
            untold.removeFirst();
        }
    }

    @Override
    public long completedSeqno() {
        return word;
    }

    @Override
    public void arm(long seqno) {
        if (closed) {
            world.violate("arm after " + name + " was closed");
        }
        Seam.at(Site.DEVICE);
        armed = seqno;
    }

    @Override
    public void close() {
        if (closed) {
            world.violate(name + " was closed twice");
        }
        world.note(name + " is closed");
        closed = true;
        wake();
    }

    boolean isClosed() {
        return closed;
    }

    /** What the jobs that it works on cost together. */
    int cost() {
        return onDevice.stream().mapToInt(job -> job.cost).sum();
    }

    @Override
    public String toString() {
        return name;
    }
}
