package io.ringfence.sim.explore;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.Verdict;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/** A device, as its queue drives it: it watches what the queue does, and is the witness of a schedule. */
final class Device extends Machine implements Driver<Job> {

    /** How completions reach the queue. */
    enum Style {
        /** The queue polls and is interrupted when it has asked for it. */
        POLL,
        /** The queue compares a word of the device. */
        COMPARE,
        /** The device tells every completion. */
        PUSH
    }

    private boolean blocks;
    private boolean waits;
    private @Nullable Served queue;
    /** A verdict may have been asked for before the device itself told of anything. */
    private boolean toldByScenario;

    Device(World world, String name, Style style, boolean inOrder) {
        super(world, name, style, inOrder);
    }

    void serves(Served served) {
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

    /** The device raises no interrupt if its queue has seen the cause before. */
    Device sparing() {
        spares = true;
        return this;
    }

    /** The device is reset together with others. */
    Device in(Domain failing) {
        domain = failing;
        failing.add(this);
        world.invariant(() -> witness.check(onDevice));
        return this;
    }

    /** Says of a job that hangs so often that it does not. */
    Device patient(int times) {
        patience = times;
        return this;
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
        if (emptied >= witness.epoch()) {
            world.violate(what + " of " + job + ", though " + name + " was reset and not restarted");
        }
        witness.passes(what, seqno, job);
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
            Job input = other.witness.taken(inputs.seqno(i));
            boolean gone = inputs.epoch(i) <= other.emptied || other.givenUp;
            if (input == null || !gone && !input.isSettledOrIn(inputs.epoch(i))) {
                world.violate(job + " is to wait for #" + inputs.seqno(i) + " of " + other + ", which was not run");
            } else {
                job.onDeviceAfter.add(input);
                job.inputLost |= gone && input.completeAt == 0;
                boolean _ = other.waiters.add(this);
            }
        }
        run(seqno, job);
    }

    @Override
    public void run(long seqno, Job job) {
        pass("run", seqno, job);
        world.note("runs " + job + "#" + seqno + (job.onDeviceAfter.isEmpty() ? "" : " after " + job.onDeviceAfter));
        Served known = queue;
        if (known != null) {
            known.beforeRun(job);
        }
        StageGang gang = job.gang;
        if (gang != null) {
            gang.beforeRun(job, this);
        }
        job.runs++;
        job.ranAt = world.steps();
        if (job.throwsInRun) {
            job.failed = true;
            throw new IllegalStateException(job + " throws");
        }
        onDevice.add(job);
        if (gang != null) {
            gang.ran();
        }
        witness.takes(seqno, job);
        witness.enters();
        try {
            Seam.at(Site.DEVICE);
            if (job.atOnce) {
                finish(job);
            }
        } finally {
            witness.leaves();
        }
        wake();
    }

    @Override
    public void cancel(long seqno, Job job) {
        pass("cancel", seqno, job);
        world.note("cancels " + job + "#" + seqno);
        Served known = queue;
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
        if (job.epoch != witness.epoch()) {
            world.violate("abort of " + job + ", which was not handed over since " + name + " was reset");
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
        polledAt = world.steps();
        if (lost) {
            completions.deviceLost(name + " is lost");
            return;
        }
        Job pushed = pushing;
        if (pushed != null && isStopped()) {
            // Its last word.
            boolean _ = report(pushed, completions);
        }
        if (style != Style.POLL) {
            Driver.super.poll(completions);
            return;
        }
        while (!untold.isEmpty()) {
            Job job = untold.getFirst();
            if (!report(job, completions)) {
                return;
            }
            untold.removeFirst();
        }
    }

    private static boolean report(Job job, Completions completions) {
        return job.failed ? completions.failed(job.seqno, new IllegalStateException(job + " failed"))
                : completions.completed(job.seqno);
    }

    @Override
    public long completedSeqno() {
        return word;
    }

    @Override
    public void lost() {
        if (closed || givenUp) {
            world.violate(name + " is given up " + (closed ? "after it was closed" : "twice"));
        }
        letWaitersGo();
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

    int epoch() {
        return witness.epoch();
    }

    // ---- hangs

    /** Says that something is wrong with a job, or with the first. */
    void fault(long seqno) {
        DriverLink known = link;
        if (known != null) {
            faultIn = witness.epoch();
            toldByScenario = true;
            known.fault(seqno, "the scenario says so");
        }
    }

    @Override
    public @Nullable FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public boolean isExecuting() {
        return !onDevice.isEmpty() && !isStopped() && !onDevice.getFirst().waitsOnDevice();
    }

    @Override
    public Verdict timedOut(long seqno, Job job, long executed) {
        Domain known = domain;
        if (witness.taken(seqno) != job || job.epoch != witness.epoch()) {
            world.violate("a verdict on " + job + "#" + seqno + ", which is not on " + name);
        }
        if (executed == 0 && faultIn < witness.epoch()) {
            world.violate("a verdict on " + job + ", though nobody has told of a fault since " + name + " was reset");
        }
        if (!toldByScenario && job.faultAt > polledAt) {
            world.violate("a verdict on " + job + ", and " + name + " was not polled before");
        }
        if (patience > 0) {
            patience--;
            world.note(name + " says that " + job + " does not hang");
            return new Verdict.NoHang();
        }
        world.note(name + " blames " + job + "#" + seqno);
        if (known != null) {
            known.blame(job);
        }
        return new Verdict.Guilty(seqno);
    }

    @Override
    public boolean hasStarted(long seqno) {
        Job job = witness.taken(seqno);
        if (job == null || job.completeAt != 0 || job.epoch != witness.epoch()) {
            world.violate(name + " is asked whether it has begun #" + seqno + ", " + job);
            return true;
        }
        return job.begun;
    }

    @Override
    public void blamed(long seqno, Job job) {
        Served known = queue;
        if (known != null) {
            known.blamed(job);
        }
    }

    @Override
    public boolean isRepeatable(Job job) {
        return job.repeatable;
    }

    @Override
    public void restart(int epoch, DriverLink fresh) {
        if (closed) {
            world.violate("restart after " + name + " was closed");
        }
        world.note(name + " begins epoch " + epoch);
        witness.restarts(epoch);
        link = fresh;
        wake();
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
