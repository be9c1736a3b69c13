package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.ringfence.fence.Fence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
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

    /**
     * Where it may be.
     *
     * @param candidates where it may go
     * @param coming     where somebody wants it to go, who has yet to see whether that is closed; one named by two is in it twice
     */
    private record Places<P>(List<SchedulerCore<P>> candidates, List<SchedulerCore<P>> coming) {

        /** The same, with more where it may go soon. */
        Places<P> and(List<SchedulerCore<P>> wanted) {
            return new Places<>(candidates, Stream.concat(coming.stream(), wanted.stream()).toList());
        }

        /** As it was before {@link #and}, but for where it may go now. */
        Places<P> decided(List<SchedulerCore<P>> wanted, List<SchedulerCore<P>> now) {
            List<SchedulerCore<P>> others = new ArrayList<>(coming);
            wanted.forEach(others::remove);
            return new Places<>(now, List.copyOf(others));
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
        return !gone && (known.candidates.contains(scheduler) || known.coming.contains(scheduler)
                || home == scheduler);
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
        places.candidates.forEach(each -> each.settle(entity));
    }

    /**
     * Changes where it may go. Any thread; waits for nobody.
     *
     * @throws IllegalStateException if a scheduler is closed; nothing was changed
     */
    void moveTo(List<SchedulerCore<P>> changed) {
        Places<P> before;
        do {
            before = places;
            Seam.at(Site.SCHEDULE);
        } while (!PLACES.compareAndSet(this, before, before.and(changed)));
        boolean open = false;
        try {
            changed.forEach(each -> each.settle(entity));
            changed.forEach(each -> each.requireOpen(entity));
            open = true;
        } finally {
            decide(changed, open);
        }
    }

    /** Each of those that it comes to does not end without having taken it for one of its own, or it is not to come. */
    private void decide(List<SchedulerCore<P>> wanted, boolean comes) {
        Places<P> before;
        do {
            before = places;
            Seam.at(Site.SCHEDULE);
        } while (!PLACES.compareAndSet(this, before, before.decided(wanted, comes ? wanted : before.candidates)));
        wanted.forEach(each -> each.settle(entity));
        if (comes) {
            before.candidates.forEach(each -> each.settle(entity));
            wakeAtHome();
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
            if (PLACES.compareAndSet(this, before, before.decided(List.of(), others))) {
                closing.settle(entity);
                wakeAtHome();
                return;
            }
        }
    }

    /** Its home looks whether it may stay: it may have done so just before the change. */
    private void wakeAtHome() {
        if (home != null) {
            entity.wake();
        }
    }
}
