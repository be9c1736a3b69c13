package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

import io.ringfence.internal.seam.Site;
import io.ringfence.driver.Driver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/** How a queue ends: it refuses what comes, finishes or cancels what it holds, and lets its driver go. */
final class QueueEnd<P> {

    private static final VarHandle TERMINATED;

    static {
        try {
            TERMINATED = MethodHandles.lookup().findVarHandle(QueueEnd.class, "terminated", FenceIssuer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Driver<P> driver;
    private volatile @Nullable FenceIssuer terminated;
    private final Deferred finisher = new Finisher();
    private final Deferred last = new Last();
    private volatile boolean closing;
    private volatile boolean killed;
    private volatile @Nullable String banned;

    QueueEnd(QueueCore<P> core, Driver<P> driver) {
        this.core = core;
        this.driver = driver;
    }

    /** Signalled when the driver will not be called again and the last retire hook has returned. */
    Fence fence() {
        return terminated().fence();
    }

    /** Made when somebody asks for it; whoever closes does, so there is one at the end. */
    private FenceIssuer terminated() {
        FenceIssuer known = terminated;
        if (known != null) {
            return known;
        }
        FenceIssuer made = FenceIssuer.ofEnd(core.timeline());
        FenceIssuer before = (FenceIssuer) TERMINATED.compareAndExchange(this, (FenceIssuer) null, made);
        if (before == null) {
            return made;
        }
        // Nobody has it, and it is not to be taken for one that was forgotten.
        boolean _ = made.signalInside();
        return before;
    }

    boolean closingVolatile() {
        return closing;
    }

    /** Whether jobs on the device are to be given up. */
    boolean killedVolatile() {
        return killed;
    }

    /** Why the queue was banned, or null. */
    @Nullable
    String bannedVolatile() {
        return banned;
    }

    /** Refuses submissions from now on. */
    Fence startClose() {
        StackRoom.require(1);
        Fence end = fence();
        core.issue().beWary();
        Seam.at(Site.CLOSE);
        if (!closing) {
            closing = true;
        }
        core.claim().close();
        core.line().closed();
        core.issue().news();
        core.completion().news();
        return end;
    }

    /** Cancels what has not reached the device, asks the driver to give up what has, and closes. */
    Fence kill(Failure cause) {
        StackRoom.require(1);
        // Allocated before anything is said.
        Fence end = fence();
        core.faults().stop(cause);
        Seam.at(Site.STOP);
        killed = true;
        Fence _ = startClose();
        Preemption<?> preemption = core.preemptionVolatile();
        if (preemption != null) {
            preemption.stopped();
        }
        return end;
    }

    /** As {@link #kill}, and says so to whoever submits. */
    Fence ban(String reason) {
        StackRoom.require(1);
        Fence _ = fence();
        Failure cause = new Failure.Banned(reason);
        if (banned == null) {
            banned = reason;
        }
        return kill(cause);
    }

    /** Closes and waits within the bounds of the options; inside it only starts. */
    void close() {
        Fence end = startClose();
        if (UserCode.inside() || core.isInRetireHook() || end.isDone()) {
            return;
        }
        Duration bound = core.options().closeTimeout();
        if (awaitKeepingInterrupt(end, bound)) {
            return;
        }
        String dump = core.dump();
        kill(new Failure.Cancelled(
                "queue " + core.timeline() + " did not finish within " + bound + " of its close"));
        QueueFaults.warn("close cancels what still waits after " + bound + ": " + dump);
        if (!awaitKeepingInterrupt(end, bound)) {
            QueueFaults.warn("close gives up after another " + bound + ": " + core.dump());
        }
    }

    private static boolean awaitKeepingInterrupt(Fence end, Duration bound) {
        boolean interrupted = false;
        long start = Seam.nanoTime();
        try {
            for (;;) {
                try {
                    return end.await(bound.minusNanos(Seam.nanoTime() - start)) != Outcome.PENDING;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What is to be done once both turns are parked for good. */
    Deferred finisher() {
        return finisher;
    }

    private final class Finisher extends Deferred {
        @Override
        protected @Nullable Deferred perform() {
            int token = UserCode.enter();
            try {
                driver.close();
            } catch (Throwable thrown) {
                core.faults().report("close of the driver", thrown);
            }
            core.timelineState().producer(null);
            Deferred arisen = UserCode.exit(token);
            return Deferred.join(arisen, core.retiredThen(last));
        }
    }

    /** The last retire hook has returned. */
    private final class Last extends Deferred {
        @Override
        protected @Nullable Deferred perform() {
            int token = UserCode.enter();
            try {
                core.forget();
            } catch (Throwable thrown) {
                core.faults().report("forgetting it", thrown);
            }
            try {
                // Inside, so that what hangs on the end comes afterwards and not on top of this.
                terminated().signalInside();
            } catch (Throwable thrown) {
                core.faults().report("signalling its end", thrown);
            }
            return UserCode.exit(token);
        }
    }
}
