package io.ringfence.fence;

import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

/**
 * Who waits for points of a sync object to be submitted, in the order of points and then of registration.
 *
 * <p>The handshake: whoever waits puts itself here and then looks for the point; whoever submits makes the point visible and
 * then looks here. A waiter goes away with the fence that was found for it, which it keeps.
 */
final class SubmitWaiters {

    /** A waiter's place. */
    record Place(long point, long ticket) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparingLong(Place::point)
                .thenComparingLong(Place::ticket);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private final ConcurrentNavigableMap<Place, SyncWait> places = new ConcurrentSkipListMap<>();
    private final AtomicLong tickets = new AtomicLong();

    /** First half of the waiting side; the caller looks for the point afterwards. */
    Place add(long point, SyncWait waiter) {
        Place place = new Place(point, tickets.incrementAndGet());
        places.put(place, waiter);
        VarHandle.fullFence();
        return place;
    }

    void remove(Place place) {
        places.remove(place);
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /**
     * Second half of the submitting side: fires who waits for a point up to this one.
     *
     * @param find tells the fence of a point
     */
    void submitted(long through, LongFunction<Fence> find) {
        VarHandle.fullFence();
        if (places.isEmpty()) {
            return;
        }
        DeferredList due = new DeferredList();
        for (Map.Entry<Place, SyncWait> first = places.firstEntry(); first != null
                && first.getKey().point() <= through; first = places.firstEntry()) {
            SyncWait waiter = first.getValue();
            Fence found = find.apply(first.getKey().point());
            if (waiter.decide()) {
                waiter.latch(found);
                due.append(waiter, waiter);
            }
            places.remove(first.getKey(), waiter);
        }
        Deferred.run(due.take());
    }
}
