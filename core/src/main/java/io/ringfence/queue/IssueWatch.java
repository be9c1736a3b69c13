package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;

import org.jspecify.annotations.Nullable;

/**
 * Other queues whose head could be handed over if a job of this one were: told when it was. Of each queue only the head is here, so
 * the list is short.
 *
 * <p>The handshake: who wants to know adds its place (read-modify-write), then looks at {@code issued}; the issue turn stores
 * {@code issued}, leaves (read-modify-write), then looks whether there are places.
 */
final class IssueWatch {

    private static final VarHandle TOP;

    static {
        try {
            TOP = MethodHandles.lookup().findVarHandle(IssueWatch.class, "top", Place.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Who wants to know of what. Used once. */
    static final class Place {
        private final Turn turn;
        /** Set when it is added. */
        private long seqno;
        private @Nullable Place below;

        Place(Turn turn) {
            this.turn = turn;
        }
    }

    private volatile @Nullable Place top;

    void add(Place place, long seqno) {
        place.seqno = seqno;
        Seam.at(Site.BLOCK);
        push(place);
    }

    private void push(Place place) {
        Place under;
        do {
            under = top;
            place.below = under;
        } while (!TOP.compareAndSet(this, under, place));
    }

    boolean anyVolatile() {
        return top != null;
    }

    /**
     * Brings news to those whose job was handed over, or passed over. The others are out of sight meanwhile for whoever hands over the
     * next job: afterwards the caller has to look at {@code issued} once more.
     *
     * @param issued the last seqno of which that is so
     * @return their turns, as far as nobody is inside
     */
    @Nullable
    Deferred tell(long issued) {
        Place place = (Place) TOP.getAndSet(this, (Place) null);
        pass();
        Deferred news = null;
        while (place != null) {
            Place next = place.below;
            place.below = null;
            if (place.seqno > issued) {
                push(place);
            } else if (place.turn.enter()) {
                place.turn.next(news);
                news = place.turn;
            }
            place = next;
        }
        return news;
    }

    /** Places that were taken must be told or put back, whatever a probe throws. */
    private static void pass() {
        if (Seam.ON) {
            try {
                Seam.at(Site.ISSUED);
            } catch (Throwable thrown) {
                // The turn has been left: there is no job that could be failed for it.
                return;
            }
        }
    }
}
