package io.ringfence.queue;

import java.io.Serial;

/** Thrown to a submitter whose queue is closed; the job was not submitted. */
public final class QueueClosedException extends IllegalStateException {

    @Serial
    private static final long serialVersionUID = 1L;

    QueueClosedException(String queue) {
        super("queue " + queue + " is closed");
    }
}
