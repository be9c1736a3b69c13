package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;
import io.ringfence.fence.Failure;

import org.jspecify.annotations.Nullable;

/**
 * Requests to cancel single jobs, on their way to a turn. Whoever asks pushes a request and then brings news to the turn; the
 * holder takes all of them at once.
 */
final class CancelRequests {

    private static final VarHandle ARRIVED;

    static {
        try {
            ARRIVED = MethodHandles.lookup().findVarHandle(CancelRequests.class, "arrived", Request.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Belongs to whoever took it last. */
    static final class Request {
        final long seqno;
        final Failure why;
        @Nullable
        Request next;

        Request(long seqno, Failure why) {
            this.seqno = seqno;
            this.why = why;
        }
    }

    @SuppressWarnings("UnusedVariable") // read and written through ARRIVED too
    private volatile @Nullable Request arrived;

    boolean anyVolatile() {
        return arrived != null;
    }

    void push(Request request) {
        Request top;
        do {
            top = arrived;
            request.next = top;
            Seam.at(Site.CANCEL);
        } while (!ARRIVED.compareAndSet(this, top, request));
    }

    /** All that came, in no order. */
    @Nullable
    Request takeAll() {
        Seam.at(Site.CANCEL);
        return (Request) ARRIVED.getAndSet(this, (Request) null);
    }
}
