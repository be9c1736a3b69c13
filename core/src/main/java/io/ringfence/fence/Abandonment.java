package io.ringfence.fence;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Tracking;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * What happens to a fence whose issuer is given up: it fails, a warning is logged, and its callbacks run on a thread that
 * belongs to nobody, since the one that notices is the collector's or one that only meant to clean up.
 */
final class Abandonment implements Runnable {

    private static final System.Logger LOG = System.getLogger("io.ringfence.fence");
    private static final Cleaner CLEANER = Cleaner.create(body -> {
        Thread thread = new Thread(null, body, "abandoned-fences", 0, false);
        thread.setDaemon(true);
        return thread;
    });

    private final SignalledFence fence;
    private final @Nullable StackTraceElement madeAt = Tracking.caller();

    Abandonment(SignalledFence fence) {
        this.fence = fence;
    }

    /**
     * Watches over an issuer.
     *
     * @param issuer the handle whose collection means that nobody can signal any more
     * @return what takes the watch away, by calling {@link #run()}
     */
    Cleaner.Cleanable watch(Object issuer) {
        return Seam.watch(CLEANER, issuer, this);
    }

    /** The issuer was collected, or the fence is settled and need not be watched any more. */
    @Override
    public void run() {
        abandon(true);
    }

    /** Fails the fence, unless it is settled. */
    void abandon(boolean collected) {
        if (!fence.isSettled()) {
            Failure failure = new Failure.Abandoned(fence.name(), collected, madeAt);
            fence.settleElsewhere(failure, new Warning(failure));
        }
    }

    private static final class Warning extends Deferred {
        private final Failure failure;

        Warning(Failure failure) {
            this.failure = failure;
        }

        @Override
        protected @Nullable Deferred perform() {
            LOG.log(Level.WARNING, failure.message());
            return null;
        }
    }
}
