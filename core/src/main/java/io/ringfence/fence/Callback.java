package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;

import io.ringfence.internal.seam.Checked;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * A waiter that calls user code. Whoever signals decides that it is to run; until it has begun, cancelling still comes in
 * time, be it that the signaller has others to call before, or that an executor has not come to it.
 */
final class Callback extends Waiter implements Registration {

    private static final VarHandle PROGRESS;
    private static final VarHandle END;

    private static final int NOT_BEGUN = 0;
    private static final int RUNNING = 1;
    private static final int OVER = 2;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PROGRESS = lookup.findVarHandle(Callback.class, "progress", int.class);
            END = lookup.findVarHandle(Callback.class, "end", SignalledFence.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Fence fence;
    private final @Nullable Executor executor;
    /** Let go of when it has run or was cancelled; only the winner of {@link #PROGRESS} touches it. */
    private @Nullable Runnable body;
    private volatile int progress;
    /** The thread that the body runs on, so that it cannot wait for itself. */
    private volatile @Nullable Thread runner;
    /** Signalled when the body has returned; made by the first who waits for that. */
    private volatile @Nullable SignalledFence end;

    Callback(Fence fence, Runnable body, @Nullable Executor executor) {
        this.fence = fence;
        this.body = Objects.requireNonNull(body, "callback");
        this.executor = executor;
    }

    /** Calls the body on behalf of the registering thread, which came too late to have it called by the signaller. */
    void runLate() {
        // Whoever refused it may have decided it; nobody else will fire it.
        decide();
        Deferred.run(this);
    }

    @Override
    protected @Nullable Deferred fired() {
        Executor elsewhere = executor;
        return call(elsewhere == null ? this::runOnce : () -> handTo(elsewhere));
    }

    private void handTo(Executor elsewhere) {
        try {
            elsewhere.execute(this::runOnce);
        } catch (Throwable refused) {
            over(PROGRESS.compareAndSet(this, NOT_BEGUN, RUNNING));
            throw refused;
        }
    }

    private void runOnce() {
        if (!PROGRESS.compareAndSet(this, NOT_BEGUN, RUNNING)) {
            return;
        }
        runner = Thread.currentThread();
        try {
            if (body != null) {
                body.run();
            }
        } finally {
            over(true);
        }
    }

    private void over(boolean mine) {
        if (mine) {
            body = null;
            runner = null;
            progress = OVER;
            SignalledFence waitedFor = end;
            if (waitedFor != null) {
                Deferred.run(waitedFor.settled(null));
            }
        }
    }

    @Override
    public boolean cancel() {
        if (decide()) {
            fence.removeWaiter(this);
        }
        boolean inTime = PROGRESS.compareAndSet(this, NOT_BEGUN, OVER);
        if (inTime) {
            body = null;
        }
        return inTime;
    }

    @Override
    public boolean cancelAndAwait() throws InterruptedException {
        UserCode.refuseParking("cancelling and waiting for a callback of", fence);
        if (runner == Thread.currentThread()) {
            throw new IllegalStateException(this + " cannot wait for its own end");
        }
        if (cancel()) {
            return true;
        }
        if (progress != OVER) {
            END.compareAndSet(this, (SignalledFence) null, new SignalledFence("end of a callback of " + fence, null));
            SignalledFence waitedFor = end;
            // The body's thread stores its progress, then looks whether somebody waits; here it is the other way round.
            if (waitedFor != null && progress != OVER) {
                waitedFor.await();
            }
        }
        return false;
    }

    /**
     * Calls user code on behalf of a fence.
     *
     * @return what it brought about, to be worked off after it
     */
    static @Nullable Deferred call(Runnable body) {
        int token = UserCode.enter();
        long parks = Checked.parks();
        try {
            body.run();
        } catch (Throwable thrown) {
            report(thrown);
        }
        Checked.notParkedSince(parks, body);
        return UserCode.exit(token);
    }

    private static void report(Throwable thrown) {
        Thread current = Thread.currentThread();
        try {
            current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
        } catch (Throwable ignored) {
            // The handler is user code too; there is nobody left to tell.
            return;
        }
    }

    @Override
    public String toString() {
        return "callback of " + fence;
    }
}
