package io.ringfence.sim.soak;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.Verdict;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareRing;

import org.jspecify.annotations.Nullable;

/** A ring of the firmware that notes how often and in which order jobs are handed over. */
final class WatchedRing implements Driver<SoakJob> {

    private final FirmwareRing ring;
    private final Ledger ledger;
    private volatile int epoch;
    private volatile @Nullable DriverLink link;
    private long passed;

    WatchedRing(FirmwareRing ring, Ledger ledger) {
        this.ring = ring;
        this.ledger = ledger;
    }

    /** The device says that what it executes is broken. */
    void fault() {
        DriverLink known = link;
        if (known != null) {
            known.fault(0, "the soak says so");
        }
    }

    private void handed(long seqno, SoakJob job) {
        if (job.ranIn == epoch) {
            ledger.violation(ledger.runTwice, job + " was handed over twice in epoch " + epoch);
        }
        PointFence fence = job.fence;
        if (fence != null && fence.isDone()) {
            ledger.violation(ledger.runTwice, job + " was handed over after it was " + fence.outcome());
        }
        job.ranIn = epoch;
        inOrder(seqno, job);
    }

    private void inOrder(long seqno, SoakJob job) {
        if (seqno <= passed) {
            ledger.violation(ledger.orderViolations, job + " came after seqno " + passed);
        }
        passed = seqno;
    }

    @Override
    public void open(DriverLink opened) {
        link = opened;
        ring.open(opened);
    }

    @Override
    public int maxInFlight() {
        return ring.maxInFlight();
    }

    @Override
    public void run(long seqno, SoakJob job) {
        handed(seqno, job);
        ring.run(seqno, job.command);
    }

    @Override
    public int maxWaits() {
        return ring.maxWaits();
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return producer instanceof WatchedRing other && ring.canWaitFor(other.ring);
    }

    @Override
    public void runAfter(long seqno, SoakJob job, DeviceWaits waits) {
        handed(seqno, job);
        ring.runAfter(seqno, job.command, new Unwrapped(waits));
    }

    private record Unwrapped(DeviceWaits waits) implements DeviceWaits {
        @Override
        public int count() {
            return waits.count();
        }

        @Override
        public Driver<?> producer(int index) {
            return waits.producer(index) instanceof WatchedRing other ? other.ring : waits.producer(index);
        }

        @Override
        public long seqno(int index) {
            return waits.seqno(index);
        }

        @Override
        public int epoch(int index) {
            return waits.epoch(index);
        }

        @Override
        public Fence fence(int index) {
            return waits.fence(index);
        }
    }

    @Override
    public void cancel(long seqno, SoakJob job) {
        inOrder(seqno, job);
        ring.cancel(seqno, job.command);
    }

    @Override
    public void abort(long seqno, SoakJob job) {
        ring.abort(seqno, job.command);
    }

    @Override
    public void doorbell() {
        ring.doorbell();
    }

    @Override
    public void poll(Completions completions) {
        ring.poll(completions);
    }

    @Override
    public void lost() {
        ring.lost();
    }

    @Override
    public void arm(long seqno) {
        ring.arm(seqno);
    }

    @Override
    public FailureDomain failureDomain() {
        return ring.failureDomain();
    }

    @Override
    public boolean isExecuting() {
        return ring.isExecuting();
    }

    @Override
    public Verdict timedOut(long seqno, SoakJob job, long executed) {
        return ring.timedOut(seqno, job.command, executed);
    }

    @Override
    public boolean hasStarted(long seqno) {
        return ring.hasStarted(seqno);
    }

    @Override
    public boolean isRepeatable(SoakJob job) {
        Command command = job.command;
        return command.isRepeatable();
    }

    @Override
    public void restart(int next, DriverLink relinked) {
        epoch = next;
        link = relinked;
        passed = 0;
        ring.restart(next, relinked);
    }

    @Override
    public void close() {
        link = null;
        ring.close();
    }

    @Override
    public String toString() {
        return ring.toString();
    }
}
