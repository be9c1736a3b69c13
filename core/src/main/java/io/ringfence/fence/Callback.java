package io.ringfence.fence;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/** A waiter that calls user code. */
final class Callback extends Waiter {

    private final Runnable body;

    Callback(Runnable body) {
        this.body = body;
    }

    /** Calls the body on the registering thread, which came too late to have it called by the signaller. */
    void runNow() {
        run(new Late(this));
    }

    /** Calls a callback that came too late to be fired, after the turn or the callback that this thread is in. */
    private static final class Late extends Deferred {
        private final Callback callback;

        Late(Callback callback) {
            this.callback = callback;
        }

        @Override
        protected @Nullable Deferred perform() {
            return callback.fired();
        }
    }

    @Override
    protected @Nullable Deferred fired() {
        boolean interrupted = UserCode.enter();
        call();
        return UserCode.exit(interrupted);
    }

    private void call() {
        try {
            body.run();
        } catch (Throwable thrown) {
            Thread current = Thread.currentThread();
            try {
                current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
            } catch (Throwable ignored) {
                // The handler is user code too; there is nobody left to tell.
                return;
            }
        }
    }
}
