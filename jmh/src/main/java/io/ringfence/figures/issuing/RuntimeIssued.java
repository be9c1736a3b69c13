package io.ringfence.figures.issuing;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareRing;

import org.jspecify.annotations.Nullable;

/** A ring of which it is said that writing to it may block, so that its jobs are issued by threads of the runtime only. */
final class RuntimeIssued implements Driver<Command> {

    private final FirmwareRing ring;

    RuntimeIssued(FirmwareRing ring) {
        this.ring = ring;
    }

    @Override
    public boolean mayBlock() {
        return true;
    }

    @Override
    public void open(DriverLink link) {
        ring.open(link);
    }

    @Override
    public int maxInFlight() {
        return ring.maxInFlight();
    }

    @Override
    public void run(long seqno, Command command) {
        ring.run(seqno, command);
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
    public void abort(long seqno, Command command) {
        ring.abort(seqno, command);
    }

    @Override
    public @Nullable FailureDomain failureDomain() {
        return ring.failureDomain();
    }

    @Override
    public boolean isExecuting() {
        return ring.isExecuting();
    }

    @Override
    public boolean hasStarted(long seqno) {
        return ring.hasStarted(seqno);
    }

    @Override
    public boolean isRepeatable(Command command) {
        return ring.isRepeatable(command);
    }

    @Override
    public void restart(int epoch, DriverLink link) {
        ring.restart(epoch, link);
    }

    @Override
    public void close() {
        ring.close();
    }
}
