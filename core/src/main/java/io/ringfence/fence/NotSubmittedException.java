package io.ringfence.fence;

import java.io.Serial;

/**
 * Thrown when a point of a {@link SyncObject} is named that nobody has submitted yet. Only a wait may come before what it waits
 * for; a job may depend only on what exists, so that dependencies can never form a cycle.
 */
public final class NotSubmittedException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotSubmittedException(SyncObject object, long point) {
        super(point == 0 ? "sync object " + object.name() + " is empty: nothing was submitted to it"
                : "point " + point + " of sync object " + object.name() + " was not submitted yet: the last is "
                        + object.lastSubmitted() + "; awaitSubmitted and onSubmitted wait for it, a job cannot");
    }
}
