package io.ringfence.scheduler;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.Verdict;
import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceFailedException;

import org.jspecify.annotations.Nullable;

/**
 * The user's driver, given jobs of entities: hands on everything, but keeps jobs of guilty entities from the device.
 *
 * @param <P> the user's payload
 */
final class HardwareRing<P> implements Driver<EntityJob<P>> {

    private final Driver<P> driver;
    private final int hangLimit;

    HardwareRing(Driver<P> driver, int hangLimit) {
        this.driver = driver;
        this.hangLimit = hangLimit;
    }

    /** Also when it is handed over again: what the device had of it before a reset does not count. */
    private static void requireInnocent(EntityJob<?> job) {
        job.ran = false;
        String guilty = job.entity.guiltyVolatile();
        if (guilty != null) {
            throw new FenceFailedException(job.toString(),
                    new Failure.Cancelled(job.entity + " is guilty: " + guilty));
        }
    }

    @Override
    public void open(DriverLink link) {
        driver.open(link);
    }

    @Override
    public int maxInFlight() {
        return driver.maxInFlight();
    }

    @Override
    public boolean mayBlock() {
        return driver.mayBlock();
    }

    @Override
    public boolean executesInOrder() {
        return driver.executesInOrder();
    }

    @Override
    public void run(long seqno, EntityJob<P> job) throws Exception {
        requireInnocent(job);
        driver.run(seqno, job.payload);
        job.ran = true;
    }

    @Override
    public void runAfter(long seqno, EntityJob<P> job, DeviceWaits waits) throws Exception {
        requireInnocent(job);
        driver.runAfter(seqno, job.payload, waits);
        job.ran = true;
    }

    @Override
    public void cancel(long seqno, EntityJob<P> job) {
        job.ran = false;
        driver.cancel(seqno, job.payload);
    }

    @Override
    public void abort(long seqno, EntityJob<P> job) {
        driver.abort(seqno, job.payload);
    }

    @Override
    public void doorbell() {
        driver.doorbell();
    }

    @Override
    public void hintDeadline(long seqno, long nanoTime) {
        driver.hintDeadline(seqno, nanoTime);
    }

    @Override
    public void poll(Completions completions) {
        driver.poll(completions);
    }

    @Override
    public void lost() {
        driver.lost();
    }

    @Override
    public long completedSeqno() {
        return driver.completedSeqno();
    }

    @Override
    public void arm(long seqno) {
        driver.arm(seqno);
    }

    // ---- hangs

    @Override
    public @Nullable FailureDomain failureDomain() {
        return driver.failureDomain();
    }

    @Override
    public boolean isExecuting() {
        return driver.isExecuting();
    }

    @Override
    public Verdict timedOut(long seqno, EntityJob<P> job, long executed) {
        return driver.timedOut(seqno, job.payload, executed);
    }

    @Override
    public int noHangLimit() {
        return driver.noHangLimit();
    }

    @Override
    public boolean hasStarted(long seqno) {
        return driver.hasStarted(seqno);
    }

    @Override
    public boolean isRepeatable(EntityJob<P> job) {
        return driver.isRepeatable(job.payload);
    }

    /** Before anything is handed over again: what else the entity has on the ring must not be. */
    @Override
    public void blamed(long seqno, EntityJob<P> job) {
        try {
            driver.blamed(seqno, job.payload);
        } finally {
            boolean _ = job.entity.blame(hangLimit, job + " hung");
        }
    }

    @Override
    public void restart(int epoch, DriverLink link) {
        driver.restart(epoch, link);
    }

    @Override
    public void close() {
        driver.close();
    }

    @Override
    public String toString() {
        return driver.toString();
    }

}
