package io.ringfence.queue;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/** Thrown to a submitter whose queue is closed; the job was not submitted. */
public final class QueueClosedException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    QueueClosedException(String queue, @Nullable String banned) {
        super("queue " + queue + (banned == null ? " is closed" : " is banned: " + banned));
    }
}
