package io.ringfence.queue;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.FifoLock;
import io.ringfence.queue.SubmitterLine.Bound;
import io.ringfence.queue.SubmitterLine.Place;

import org.jspecify.annotations.Nullable;

/**
 * How a batch waits for room. First in the line of the one queue that was found full, holding nothing else. If there is no room in
 * another queue when it is served, it stands in the lines of all queues at once, so that those who submit to one only do not take
 * each freed place before it.
 *
 * <p>Standing first in one line while waiting in another holds others up, and what they would submit may be what the other queue
 * waits for. So a batch does it only as long as the queue it waits for gets on; then it begins again with one line. Of all batches
 * one does it at a time.
 */
final class BatchLines {

    /** A queue that finishes nothing for so long does not get on. */
    private static final Duration PATIENCE = Duration.ofMillis(10);

    /** The batch that stands in several lines. */
    private static final FifoLock MANY_LINES = new FifoLock();

    /** How waiting ended. */
    enum End {
        /** The jobs are submitted. */
        SUBMITTED,
        /** The time was over. */
        TOO_LATE,
        /** A lock on a reservation is taken, and its holder may stand behind. */
        LOCKS_TAKEN
    }

    /** What the batch does when it is served. */
    @FunctionalInterface
    interface Attempt {
        /**
         * Submits, if there is room everywhere.
         *
         * @param first the queue in whose line the batch is the first, or null
         * @param inAll whether it is the first in all lines
         * @return null to wait further
         */
        @Nullable
        End submit(@Nullable JobQueue<?> first, boolean inAll);
    }

    private final JobQueue<?>[] queues;
    private final Map<JobQueue<?>, Integer> counts;
    /** What the next in a line does who was told of room when the jobs were published. */
    private @Nullable Deferred told;

    BatchLines(JobQueue<?>[] queues, Map<JobQueue<?>, Integer> counts) {
        this.queues = queues;
        this.counts = counts;
    }

    private Place placeFor(JobQueue<?> queue) {
        return SubmitterLine.placeFor(counts.getOrDefault(queue, 1));
    }

    /** To be done when the turns of the published jobs were taken: nobody else takes them meanwhile, and this may be anybody's code. */
    @Nullable
    Deferred takeTold() {
        Deferred chain = told;
        told = null;
        return chain;
    }

    private void leave(SubmitterLine line, Place place, boolean published) {
        if (!published) {
            boolean _ = line.leave(place);
            return;
        }
        int token = UserCode.enter();
        try {
            boolean _ = line.leave(place);
        } finally {
            told = Deferred.join(told, UserCode.exit(token));
        }
    }

    private boolean anyClosed() {
        for (JobQueue<?> queue : queues) {
            if (queue.core().claim().closedVolatile()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits until the batch is submitted, its time is over, or it has to wait for locks.
     *
     * @param full tells the queue that the last attempt found full
     */
    End await(Supplier<@Nullable JobQueue<?>> full, Bound bound, Attempt attempt) throws InterruptedException {
        for (;;) {
            End end = inOneLine(Objects.requireNonNull(full.get(), "full"), bound, attempt);
            if (end != null) {
                return end;
            }
            end = inAllLines(bound, attempt);
            if (end != null) {
                return end;
            }
        }
    }

    /** Null if another queue stands in the way. */
    private @Nullable End inOneLine(JobQueue<?> queue, Bound bound, Attempt attempt) throws InterruptedException {
        SubmitterLine line = queue.core().line();
        Place mine = placeFor(queue);
        boolean published = false;
        try {
            for (JobQueue<?> other : queues) {
                other.core().line().watch(mine);
            }
            line.enter(mine);
            if (!line.awaitFirst(mine, bound, this::anyClosed)) {
                return End.TOO_LATE;
            }
            for (;;) {
                if (!awaitRoom(queue.core(), mine.jobs, bound)) {
                    return End.TOO_LATE;
                }
                End end = attempt.submit(queue, queues.length == 1);
                published = end == End.SUBMITTED;
                if (end != null || queues.length > 1) {
                    return end;
                }
            }
        } finally {
            for (JobQueue<?> other : queues) {
                other.core().line().unwatch(mine);
            }
            leave(line, mine, published);
        }
    }

    private boolean awaitRoom(QueueCore<?> core, int jobs, Bound bound) throws InterruptedException {
        while (core.claim().room() < jobs && !anyClosed()) {
            if (!core.line().awaitRoom(jobs, bound, this::anyClosed)) {
                return false;
            }
        }
        return true;
    }

    // ---- all lines

    /** Null to begin again with one. */
    private @Nullable End inAllLines(Bound bound, Attempt attempt) throws InterruptedException {
        if (queues.length == 1) {
            return null;
        }
        FifoLock.Place mine = MANY_LINES.enter(0);
        try {
            while (!MANY_LINES.await(mine, Math.min(bound.left(), PATIENCE.toNanos()))) {
                if (bound.left() <= 0) {
                    return End.TOO_LATE;
                }
                if (anyClosed()) {
                    return attempt.submit(null, false);
                }
            }
            return standInAll(bound, attempt);
        } finally {
            MANY_LINES.unlock(mine);
        }
    }

    private @Nullable End standInAll(Bound bound, Attempt attempt) throws InterruptedException {
        Place[] places = new Place[queues.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = placeFor(queues[i]);
        }
        boolean published = false;
        try {
            for (int i = 0; i < places.length; i++) {
                queues[i].core().line().enter(places[i]);
            }
            for (;;) {
                for (int i = 0; i < places.length; i++) {
                    if (!served(queues[i].core(), places[i], bound)) {
                        return bound.left() <= 0 ? End.TOO_LATE : null;
                    }
                }
                End end = attempt.submit(null, true);
                published = end == End.SUBMITTED;
                if (end != null) {
                    return end;
                }
            }
        } finally {
            leave(published, places);
        }
    }

    /** Waits until a place is the first and there is room; false if the queue does not get on, or the time is over. */
    private boolean served(QueueCore<?> core, Place place, Bound bound) throws InterruptedException {
        SubmitterLine line = core.line();
        while (!anyClosed() && !(line.isFirst(place) && core.claim().room() >= place.jobs)) {
            long finished = core.timelineState().signaledVolatile();
            Bound patience = new Bound(Math.min(bound.left(), PATIENCE.toNanos()));
            boolean woken = line.awaitFirst(place, patience, this::anyClosed)
                    && (core.claim().room() >= place.jobs || line.awaitRoom(place.jobs, patience, this::anyClosed));
            if (!woken && (bound.left() <= 0 || core.timelineState().signaledVolatile() == finished)) {
                return false;
            }
        }
        return true;
    }

    private void leave(boolean published, Place... places) {
        Throwable broken = null;
        for (int i = 0; i < places.length; i++) {
            try {
                leave(queues[i].core().line(), places[i], published);
            } catch (RuntimeException | Error thrown) {
                // Whoever stands behind in the other lines must be told all the same.
                broken = thrown;
            }
        }
        if (broken instanceof Error error) {
            throw error;
        }
        if (broken instanceof RuntimeException exception) {
            throw exception;
        }
    }
}
