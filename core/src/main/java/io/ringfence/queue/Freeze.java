package io.ringfence.queue;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.StackRoom;

import org.jspecify.annotations.Nullable;

/**
 * Keeps a queue from handing jobs to its driver, on request. The handshake: the word is stored (volatile), then the issue turn gets
 * news (read-modify-write); the holder looks at the word before each job and says at its next look that it has seen it.
 */
final class Freeze {

    private final QueueCore<?> core;
    /** Signalled when the issue turn has seen it; null while the queue is not frozen. */
    private volatile @Nullable FenceIssuer frozen;

    Freeze(QueueCore<?> core) {
        this.core = core;
    }

    /** Any thread. */
    Fence freeze() {
        StackRoom.require(1);
        core.issue().beWary();
        Seam.at(Site.HALT);
        FenceIssuer known;
        synchronized (this) {
            known = frozen;
            if (known == null) {
                known = FenceIssuer.create("freezing of queue " + core.timeline());
                frozen = known;
                core.issue().freeze(true);
            }
        }
        Seam.at(Site.HALT);
        core.issue().news();
        if (core.issue().parkedVolatile()) {
            // It has ended and hands nothing over any more.
            return Fences.signalled();
        }
        return known.fence();
    }

    /** Any thread. */
    void thaw() {
        StackRoom.require(1);
        FenceIssuer known;
        synchronized (this) {
            known = frozen;
            frozen = null;
            core.issue().freeze(false);
        }
        if (known != null) {
            // Whoever still waits for it waits for nothing any more.
            boolean _ = known.signal();
            core.issue().news();
        }
    }

    /** The issue turn is between two jobs, and will run none that it has not looked at after this. */
    void seen() {
        FenceIssuer known = frozen;
        if (known != null && !known.fence().isDone()) {
            boolean _ = known.signalInside();
        }
    }
}
