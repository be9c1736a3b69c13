package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.ringfence.driver.Driver;
import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;

/**
 * What belongs to one scheduler: its hardware queue, its turn, the entities that may come to it.
 *
 * @param <P> the user's payload
 */
final class SchedulerCore<P> {

    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(SchedulerCore.class, "ended", FenceIssuer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SchedulerOptions options;
    private final RingfenceRuntime runtime;
    private final PayloadTraits<P> traits;
    private final boolean inOrder;
    private final SchedulerTurn<P> turn;
    private final JobQueue<EntityJob<P>> hardware;
    /**
     * Those that have this scheduler as a candidate or as their home. Read plain behind an acquire fence: a full fence stands between a
     * change and what is looked at then, and between what was said before and a look at this.
     */
    private final Set<EntityCore<P>> entities = EntityCore.newSet();
    /** Made by the first who closes it: one that nobody closes has promised nobody anything. */
    private volatile @Nullable FenceIssuer ended;
    private volatile boolean closing;
    /** No entity is here any more, and the end of the hardware queue is the scheduler's. */
    private volatile boolean empty;

    SchedulerCore(RingfenceRuntime runtime, Driver<P> driver, SchedulerOptions options,
            PayloadTraits<P> traits, @Nullable Prepare<? super P> prepare) {
        if (driver instanceof LongRunningDriver<?>) {
            throw new IllegalArgumentException(
                    driver + " is a ring for jobs that may run for ever, which have no fences; scheduler "
                            + options.name() + " cannot share it");
        }
        this.options = options;
        this.runtime = runtime;
        this.traits = traits;
        inOrder = driver.executesInOrder();
        turn = new SchedulerTurn<>(this, options, prepare);
        hardware = runtime.openBelow(new HardwareRing<>(driver, options.hangLimit()), hardwareOptions(options),
                traits.ofRing(job -> job.payload, job -> job.limit, new ReturnedJobs<>(runtime)));
    }

    private static QueueOptions hardwareOptions(SchedulerOptions options) {
        int most = Math.min(options.credits(), QueueOptions.MAX_CAPACITY);
        int capacity = Math.max(2, Integer.highestOneBit(2 * most - 1));
        return QueueOptions.named(options.name()).withCapacity(capacity).withCredits(options.credits())
                .withTimeout(options.timeout()).withHangLimit(Integer.MAX_VALUE);
    }

    // ---- what it is made of

    SchedulerOptions options() {
        return options;
    }

    RingfenceRuntime runtime() {
        return runtime;
    }

    PayloadTraits<P> traits() {
        return traits;
    }

    SchedulerTurn<P> turn() {
        return turn;
    }

    JobQueue<EntityJob<P>> hardware() {
        return hardware;
    }

    Set<EntityCore<P>> entities() {
        return entities;
    }

    boolean executesInOrder() {
        return inOrder;
    }

    boolean handOver(Deferred chain) {
        return runtime.takesOver(chain);
    }

    void arrived(EntityCore<P> entity) {
        turn.arrived(entity);
    }

    /** Nothing is chosen and nothing handed over until {@link #thaw()}. */
    Fence freeze() {
        turn.frozenVolatile(true);
        return hardware.freeze();
    }

    void thaw() {
        turn.frozenVolatile(false);
        hardware.thaw();
        turn.news();
    }

    // ---- who comes and goes

    /**
     * Refuses an entity that is to come here.
     *
     * @throws IllegalStateException if the scheduler is closed
     */
    void requireOpen(EntityCore<P> entity) {
        if (closing) {
            throw new IllegalStateException(this + " is closed; " + entity + " cannot come to it");
        }
    }

    /**
     * Sees to it that an entity is among those of this scheduler if it may come or is here, and is not otherwise; after whatever
     * decides that was changed. Any thread; waits for nobody.
     */
    void settle(EntityCore<P> entity) {
        boolean belongs;
        do {
            belongs = entity.home().belongsTo(this);
            Seam.at(Site.SCHEDULE);
            VarHandle.fullFence();
            boolean _ = belongs ? entities.add(entity) : entities.remove(entity);
            VarHandle.fullFence();
            Seam.at(Site.SCHEDULE);
            // Whoever has changed it since does this too; of the two, the later change of the set is followed by the later look.
        } while (belongs != entity.home().belongsTo(this));
        if (closing) {
            // The closer may have come too early to find it.
            entity.home().loses(this);
            endIfLast();
        }
    }

    /** Where an entity should go: to the one with the least to do, of those whose device is there; the first of equals. */
    static <P> SchedulerCore<P> best(List<SchedulerCore<P>> candidates) {
        SchedulerCore<P> best = candidates.getFirst();
        if (candidates.size() == 1) {
            return best;
        }
        boolean bestReady = best.isReady();
        for (int i = 1; i < candidates.size(); i++) {
            SchedulerCore<P> other = candidates.get(i);
            boolean ready = other.isReady();
            if (ready && !bestReady || ready == bestReady && other.load() < best.load()) {
                best = other;
                bestReady = ready;
            }
        }
        return best;
    }

    /** Whether its device is there and jobs are taken. */
    boolean isReady() {
        return !closing && !hardware.isLost();
    }

    private long load() {
        return turn.loadOpaque() + entities.size();
    }

    // ---- the end

    boolean isClosing() {
        return closing;
    }

    /** Refuses entities from now on, and closes those that can go nowhere else. */
    Fence startClose() {
        // Allocated before anything is said.
        Fence end = end().fence();
        closes();
        return end;
    }

    private void closes() {
        closing = true;
        VarHandle.fullFence();
        Seam.at(Site.SCHEDULE);
        for (EntityCore<P> entity : entities) {
            entity.home().loses(this);
        }
        endIfLast();
    }

    private FenceIssuer end() {
        FenceIssuer known = ended;
        if (known != null) {
            return known;
        }
        FenceIssuer made = FenceIssuer.create("end of " + this);
        FenceIssuer before = (FenceIssuer) ENDED.compareAndExchange(this, (FenceIssuer) null, made);
        if (before == null) {
            return made;
        }
        // Nobody has it, and it is not to be taken for one that was forgotten.
        boolean _ = made.signal();
        return before;
    }

    /** A hardware queue that is killed has its end before entities have theirs whose jobs wait for somebody's fence. */
    private void endIfLast() {
        if (closing && !empty && entities.isEmpty()) {
            FenceIssuer end = end();
            var _ = hardware.startClose().onDone(() -> {
                boolean _ = end.signal();
            });
            empty = true;
        }
    }

    /** Its own code broke: it goes on only to give back what it has. */
    void poison() {
        String why = this + " broke";
        closes();
        for (EntityCore<P> entity : entities) {
            JobQueue<EntityJob<P>> queue = entity.queueVolatile();
            if (queue != null && isOnly(entity)) {
                Fence _ = queue.ban(why);
            }
        }
        Fence _ = hardware.ban(why);
    }

    /** Kills those that can go nowhere else, and what is on the device; it is closed already. */
    void kill() {
        for (EntityCore<P> entity : entities) {
            JobQueue<EntityJob<P>> queue = entity.queueVolatile();
            if (queue != null && isOnly(entity)) {
                Fence _ = queue.kill();
            }
        }
        Fence _ = hardware.kill();
    }

    private boolean isOnly(EntityCore<P> entity) {
        return entity.home().candidatesVolatile().stream().allMatch(each -> each == this);
    }

    /** Waits for the end, within the bounds of the queues; it is closed already. Inside of user code it does not. */
    void close() {
        for (EntityCore<P> entity : entities) {
            JobQueue<EntityJob<P>> queue = entity.queueVolatile();
            if (queue != null && isOnly(entity)) {
                queue.close();
            }
        }
        if (!UserCode.inside() && !awaitEnd(hardware.options().closeTimeout())) {
            hardware.close();
        }
    }

    /** An interrupt is kept for the caller. */
    private boolean awaitEnd(Duration bound) {
        boolean interrupted = false;
        long start = Seam.nanoTime();
        try {
            for (;;) {
                try {
                    return end().fence().await(bound.minusNanos(Seam.nanoTime() - start)) != Outcome.PENDING;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    SchedulerStatus status() {
        return new SchedulerStatus(options.name(), entities.size(), options.credits(), turn.creditsUsedOpaque(),
                turn.loadOpaque(), turn.decisionsOpaque(), hardware.status());
    }

    List<EntityStatus> entityStatuses() {
        List<Standing> queued = new ArrayList<>();
        List<Standing> others = new ArrayList<>();
        for (EntityCore<P> entity : entities) {
            Standing standing = Standing.opaque(entity);
            (standing.hasJobs() && entity.homeVolatile() == this ? queued : others).add(standing);
        }
        queued.sort(turn.runQueue().orderOpaque());
        return Stream.concat(queued.stream(), others.stream()).map(each -> each.entity().statusOpaque(each))
                .filter(Objects::nonNull).toList();
    }

    @Override
    public String toString() {
        return "scheduler " + options.name();
    }
}
