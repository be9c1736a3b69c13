package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.stream.Stream;

import io.ringfence.fence.Fence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.queue.JobQueue;

import org.jspecify.annotations.Nullable;

/**
 * Where an entity is, and where it may go.
 *
 * <p>What may be is immutable and changed by compare-and-set: nobody waits for anybody, so entities are moved and schedulers closed
 * inside of callbacks too. Each scheduler has a set of those that may come to it, are about to be told so, or are there; it does not end
 * before the set is empty. Whoever changes what decides that has the schedulers concerned {@linkplain SchedulerCore#settle settle} it,
 * after the change and until set and decision agree: of any number who do so at the same time, the last one leaves it right.
 *
 * @param <P> the user's payload
 */
final class EntityHome<P> {

    /** Somebody wants it to go somewhere, who has yet to see whether that is closed. */
    private static final class Move<P> {
        /**
         * Null once it came to nothing. That is said without memory, for there may be none to take the move off, which the next change
         * does; until then it keeps no scheduler that has ended.
         */
        private volatile @Nullable List<SchedulerCore<P>> to;

        Move(List<SchedulerCore<P>> to) {
            this.to = to;
        }
    }

    /**
     * Where it may be.
     *
     * @param candidates where it may go
     * @param moves      where it may go soon
     */
    private record Places<P>(List<SchedulerCore<P>> candidates, List<Move<P>> moves) {

        Places<P> and(Move<P> wanted) {
            return new Places<>(candidates, Stream.concat(others(wanted), Stream.of(wanted)).toList());
        }

        /** A move is decided, or none: where it may go now. */
        Places<P> decided(@Nullable Move<P> wanted, List<SchedulerCore<P>> now) {
            return new Places<>(now, others(wanted).toList());
        }

        private Stream<Move<P>> others(@Nullable Move<P> wanted) {
            return moves.stream().filter(each -> each != wanted && each.to != null);
        }

        boolean has(SchedulerCore<P> scheduler) {
            boolean has = candidates.contains(scheduler);
            for (int i = 0; i < moves.size() && !has; i++) {
                List<SchedulerCore<P>> to = moves.get(i).to;
                has = to != null && to.contains(scheduler);
            }
            return has;
        }
    }

    private static final VarHandle PLACES;
    private static final VarHandle HOME;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PLACES = lookup.findVarHandle(EntityHome.class, "places", Places.class);
            HOME = lookup.findVarHandle(EntityHome.class, "home", SchedulerCore.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final EntityCore<P> entity;
    private volatile Places<P> places = new Places<>(List.of(), List.of());
    private volatile @Nullable SchedulerCore<P> home;
    private volatile boolean gone;

    EntityHome(EntityCore<P> entity) {
        this.entity = entity;
    }

    List<SchedulerCore<P>> candidatesVolatile() {
        return places.candidates;
    }

    @Nullable
    SchedulerCore<P> homeVolatile() {
        return home;
    }

    boolean mayBeAt(SchedulerCore<P> scheduler) {
        Seam.at(Site.SCHEDULE);
        return places.candidates.contains(scheduler);
    }

    /** Whether a scheduler has to have it among its entities. */
    boolean belongsTo(SchedulerCore<P> scheduler) {
        Places<P> known = places;
        return !gone && (known.has(scheduler) || home == scheduler);
    }

    /** Where it is; it comes to be somewhere if it is not. */
    SchedulerCore<P> homeOrChoose() {
        for (;;) {
            SchedulerCore<P> known = home;
            if (known != null) {
                return known;
            }
            // One that it may not go to any more sends it on.
            SchedulerCore<P> best = SchedulerCore.best(places.candidates);
            Seam.at(Site.SCHEDULE);
            if (HOME.compareAndSet(this, (SchedulerCore<P>) null, best)) {
                return best;
            }
        }
    }

    /** By its home: whoever brings news chooses another. */
    void leave() {
        Seam.at(Site.SCHEDULE);
        HOME.setVolatile(this, (SchedulerCore<P>) null);
    }

    /** It has ended, or never begun: no scheduler has it any more. */
    void goesForGood() {
        gone = true;
        Seam.at(Site.SCHEDULE);
        settle(places.candidates);
    }

    /**
     * Changes where it may go. Any thread; waits for nobody.
     *
     * @throws IllegalStateException if a scheduler is closed; nothing was changed
     * @throws StackOverflowError    if there is no room for that; nothing was changed
     */
    void moveTo(List<SchedulerCore<P>> changed) {
        StackRoom.requireAmple();
        Move<P> move = new Move<>(changed);
        Places<P> before;
        do {
            before = places;
            Seam.at(Site.SCHEDULE);
        } while (!PLACES.compareAndSet(this, before, before.and(move)));
        List<SchedulerCore<P>> former = null;
        try {
            // Each of those that it comes to does not end without having taken it for one of its own, or it is not to come.
            settle(changed);
            changed.forEach(each -> each.requireOpen(entity));
            former = decide(move, changed);
        } finally {
            if (former == null) {
                move.to = null;
            }
            decided(changed, former == null ? List.of() : former);
        }
    }

    /** It goes where it was wanted; returns where it was to go before. */
    private List<SchedulerCore<P>> decide(Move<P> move, List<SchedulerCore<P>> changed) {
        Places<P> before;
        do {
            before = places;
            Seam.at(Site.SCHEDULE);
        } while (!PLACES.compareAndSet(this, before, before.decided(move, changed)));
        return before.candidates;
    }

    /** Whatever happens with some of them, the others are told. */
    private void decided(List<SchedulerCore<P>> wanted, List<SchedulerCore<P>> former) {
        try {
            settle(wanted);
        } finally {
            try {
                settle(former);
            } finally {
                wakeAtHome();
            }
        }
    }

    /** Each of them settles it, though memory is short for one: that is asked once more, which helps if there is some by then. */
    private void settle(List<SchedulerCore<P>> concerned) {
        OutOfMemoryError broken = null;
        for (SchedulerCore<P> each : concerned) {
            try {
                settle(each);
            } catch (OutOfMemoryError noPlace) {
                broken = noPlace;
            }
        }
        if (broken != null) {
            throw broken;
        }
    }

    private void settle(SchedulerCore<P> concerned) {
        try {
            concerned.settle(entity);
        } catch (OutOfMemoryError noPlace) {
            concerned.settle(entity);
        }
    }

    /** A scheduler is closed: others may go on with it, or it is closed too. Any thread; waits for nobody. */
    void loses(SchedulerCore<P> closing) {
        for (Places<P> before = places; before.candidates.contains(closing); before = places) {
            List<SchedulerCore<P>> others = before.candidates.stream().filter(each -> each != closing).toList();
            Seam.at(Site.SCHEDULE);
            if (others.isEmpty()) {
                JobQueue<EntityJob<P>> open = entity.queueVolatile();
                if (open != null) {
                    Fence _ = open.startClose();
                }
                return;
            }
            if (PLACES.compareAndSet(this, before, before.decided(null, others))) {
                closing.settle(entity);
                wakeAtHome();
                return;
            }
        }
        if (home == closing && !gone) {
            // It was sent elsewhere before: what it has for there is kept from now on, and may have been ready to go here.
            entity.wake();
        }
    }

    /** Its home looks whether it may stay: it may have done so just before the change. */
    private void wakeAtHome() {
        if (home != null) {
            entity.wake();
        }
    }
}
