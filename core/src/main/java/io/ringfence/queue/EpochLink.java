package io.ringfence.queue;

import java.util.Objects;
import java.util.function.BiConsumer;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/**
 * How a driver reaches its queue in one epoch of its ring. What it pushes over the link of a former epoch goes to where nobody looks
 * any more: that is decided inside the completion turn, which looks at the reports of one epoch only.
 */
final class EpochLink implements DriverLink {

    private final QueueCore<?> core;
    private final int epoch;
    /** Null for those of the first epoch, which come to be with the first that is pushed. */
    private final @Nullable PushedReports reports;

    EpochLink(QueueCore<?> core, int epoch, @Nullable PushedReports reports) {
        this.core = core;
        this.epoch = epoch;
        this.reports = reports;
    }

    private PushedReports reports() {
        PushedReports ofLater = reports;
        return ofLater == null ? core.completion().firstPushed() : ofLater;
    }

    @Override
    public String queueName() {
        return core.options().name();
    }

    @Override
    public void interrupt() {
        core.interrupt();
    }

    @Override
    public void completedThrough(long seqno) {
        StackRoom.require(1);
        reports().through(seqno);
        news();
    }

    @Override
    public void completed(long seqno) {
        StackRoom.require(1);
        push(seqno, null);
        news();
    }

    @Override
    public void failed(long seqno, Throwable cause) {
        StackRoom.require(1);
        push(seqno, Objects.requireNonNull(cause, "cause"));
        news();
    }

    private void push(long seqno, @Nullable Throwable cause) {
        // Nobody takes what comes when the queue has ended.
        if (!core.issue().parkedVolatile()) {
            reports().single(seqno, cause);
        }
    }

    private void news() {
        if (!core.isOpenVolatile()) {
            // The driver is not to be called before its open has returned; then it is.
            return;
        }
        if (UserCode.inside()) {
            Deferred.run(core.completion().newsLater());
        } else {
            core.completion().news();
        }
    }

    @Override
    public void fault(long seqno, String what) {
        Objects.requireNonNull(what, "what");
        if (seqno < 0) {
            throw new IllegalArgumentException("seqno " + seqno + " of queue " + core.timeline()
                    + ": must be one that was run, or 0 for the first that is not complete");
        }
        StackRoom.require(1);
        if (!core.isOpenVolatile()) {
            // There is nothing on the device, and the driver is not to be called before its open has returned.
            return;
        }
        // Who watches for hangs is not needed for this.
        core.runtime().threads().startRecovery();
        core.recovery().request(new RecoveryRequest(core, epoch, seqno, 0, RecoveryRequest.NO_CLOCK, what));
    }

    @Override
    public void unsettledInputs(long seqno, BiConsumer<PointFence, @Nullable Driver<?>> reader) {
        Slots slots = core.failWithDependency() ? core.slotsAcquire() : null;
        if (slots != null && slots.extraPlain(seqno) instanceof JobDependencies named) {
            named.forEachUnsettled(reader);
        }
    }

    @Override
    public String toString() {
        return "epoch " + epoch + " of queue " + core.timeline();
    }
}
