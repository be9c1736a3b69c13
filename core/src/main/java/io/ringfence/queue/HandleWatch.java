package io.ringfence.queue;

import java.lang.ref.Cleaner;

import io.ringfence.fence.Fence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/** Notices when the last reference to a queue is gone and nobody has closed it: says so, and has its runtime close it. */
final class HandleWatch implements Runnable {

    private static final Cleaner CLEANER = Cleaner.create(body -> {
        Thread thread = new Thread(null, body, "collected-queues", 0, false);
        thread.setDaemon(true);
        return thread;
    });

    private final QueueCore<?> core;

    private HandleWatch(QueueCore<?> core) {
        this.core = core;
    }

    /** Lasts until the handle is collected or the queue has ended, so that an ended queue is held by nobody. */
    static void over(JobQueue<?> handle) {
        handle.core().watchedBy(Seam.watch(CLEANER, handle, new HandleWatch(handle.core())));
    }

    /** The collector's thread: no driver and no callback may be called here. */
    @Override
    public void run() {
        if (!core.closingVolatile()) {
            core.runtime().threads().post(new Close(core));
        }
    }

    private static final class Close extends Deferred {
        private final QueueCore<?> core;

        Close(QueueCore<?> core) {
            this.core = core;
        }

        @Override
        protected @Nullable Deferred perform() {
            QueueFaults.warn("nobody can use it any more, and it was not closed: " + core.describe());
            Fence _ = core.end().startClose();
            return null;
        }
    }
}
