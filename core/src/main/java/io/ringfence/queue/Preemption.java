package io.ringfence.queue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PreemptIssuer;
import io.ringfence.fence.Preemptible;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.Usage;
import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/**
 * How a long-running queue leaves its device when somebody waits for its preempt fence, and comes back. Each preempt fence is a
 * {@link Round}: it begins when the queue is about to be resumed, and is over when the next one has taken its place. All that waits is
 * done by the thread of the round's fence.
 *
 * <p>In every reservation the queue uses stands the fence of the present round whenever the queue may run. To change which reservations
 * these are, or which round is the present one, takes the lock of the reservation, of all of them, and within it the monitor of
 * {@link #memories}, which is held over nobody's code.
 */
final class Preemption<P> {

    /** Before something is asked for once more that has failed. */
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 64_000_000;
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int SHOWN = 16;

    /** Where the queue is; for people. */
    private enum Place {
        MAY_RUN("may run"), IS_ASKED_TO_LEAVE("is asked to leave the device"),
        IS_OFF("is off the device and being bound again"), COMES_BACK("is being resumed");

        final String text;

        Place(String text) {
            this.text = text;
        }
    }

    private final QueueCore<P> core;
    private final LongRunningDriver<P> driver;
    private final Rebind rebind;
    /** How long the device has to let the queue leave, or come back. */
    private final Duration bound;
    /** Signalled when the queue was killed or has ended: whoever waits here goes on. */
    private final FenceIssuer stopped;

    /** What the queue uses, with the fence that was put there last. Guarded by itself, as is what follows. */
    private final Map<Reservation, Fence> memories = new LinkedHashMap<>();
    /** Counts what was added to them and taken away. */
    private int changes;
    private Round present;
    private boolean ended;

    /** The number of the last round; of the thread of the present one. */
    private long rounds = 1;

    /** On the scale of the seam's clock. */
    private volatile long resumedAt;
    private volatile Place place = Place.MAY_RUN;

    Preemption(QueueCore<P> core, LongRunningDriver<P> driver, Rebind rebind, Duration bound) {
        this.core = core;
        this.driver = driver;
        this.rebind = rebind;
        this.bound = bound;
        stopped = FenceIssuer.create("stop of queue " + core.timeline());
        present = new Round(rounds, Fences.signalled());
        resumedAt = Seam.nanoTime();
    }

    /** Before anybody else has the queue. */
    void begin() {
        present.arm();
        core.preemptedBy(this);
        if (core.killedVolatile()) {
            stopped();
        }
        var _ = core.end().fence().onDone(this::ended);
    }

    // ---- any thread

    /** The fence of the present round. Who has seen the end need not wait for him who is told of it. */
    Fence fence() {
        if (core.end().fence().isDone()) {
            ended();
        }
        synchronized (memories) {
            return present.fence();
        }
    }

    void uses(Reservation memory) throws InterruptedException {
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 1);
            Fence fence;
            synchronized (memories) {
                fence = present.fence();
                if (ended || memories.put(memory, fence) == fence) {
                    return;
                }
                changes++;
            }
            locks.add(memory, fence, Usage.BOOKKEEP);
        }
    }

    void unuses(Reservation memory) throws InterruptedException {
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            Fence fence;
            synchronized (memories) {
                fence = memories.remove(memory);
                changes++;
            }
            if (fence != null) {
                int _ = locks.replace(memory, fence, Fences.signalled(), Usage.BOOKKEEP);
            }
        }
    }

    /** The queue was killed: nobody has to wait any longer than the device takes. */
    void stopped() {
        boolean _ = stopped.signalInside();
    }

    /** The device has let go of everything, and the driver was closed; told once or twice. */
    private void ended() {
        Round last;
        synchronized (memories) {
            ended = true;
            last = present;
            memories.clear();
        }
        stopped();
        boolean _ = last.issuer.signal();
    }

    /** Whether the queue does not come back to the device. Killed is stored before {@link #stopped} is signalled. */
    private boolean isStopped() {
        return core.killedVolatile() || isGone();
    }

    /** Whether nothing is on the device and nothing will be. */
    private boolean isGone() {
        return core.issue().parkedVolatile();
    }

    /** A preempt fence, and what is done when somebody waits for it. */
    private final class Round implements Preemptible {
        final PreemptIssuer issuer;
        /** Signalled when the round before is over: until then its thread may yet resume the queue. */
        private final Fence before;
        private volatile @Nullable Fence armed;

        Round(long number, Fence before) {
            this.before = before;
            issuer = PreemptIssuer.allocate("preempt fence " + number + " of queue " + core.timeline(), bound);
        }

        /** Cannot fail: what it takes was allocated before. */
        Fence arm() {
            Fence fence = issuer.arm(this, core.timeline());
            armed = fence;
            return fence;
        }

        Fence fence() {
            return Objects.requireNonNull(armed, "armed");
        }

        @Override
        public void suspend(FenceIssuer left) {
            Failure failure;
            try {
                failure = leave();
            } catch (InterruptedException | RuntimeException | Error thrown) {
                failure = new Failure.DriverError(thrown);
            }
            boolean _ = failure == null ? left.signal() : left.fail(failure);
        }

        private @Nullable Failure leave() throws InterruptedException {
            Outcome _ = before.await();
            long free = resumedAt + minRun();
            for (long wait = free - Seam.nanoTime(); wait > 0 && !isStopped(); wait = free - Seam.nanoTime()) {
                Outcome _ = stopped.fence().await(Duration.ofNanos(wait));
            }
            place = Place.IS_ASKED_TO_LEAVE;
            return isGone() ? null : ask("suspend", driver::suspend, Preemption.this::isGone);
        }

        @Override
        public void suspended() {
            try (FenceIssuer over = FenceIssuer.create("return of queue " + core.timeline())) {
                try {
                    Failure failure = fence().failure();
                    if (failure != null && !isGone()) {
                        ban("it did not leave the device when it was asked to: " + failure.message());
                    } else if (!isStopped()) {
                        comeBack(over.fence());
                    }
                } finally {
                    boolean _ = over.signal();
                }
            } catch (Throwable thrown) {
                core.faults().report("preemption", thrown);
                ban("it could not come back to the device: " + thrown);
            }
        }
    }

    private void ban(String reason) {
        QueueFaults.warn("queue " + core.timeline() + " is banned: " + reason);
        Fence _ = core.end().ban(reason);
    }

    /** A time with which can be reckoned in nanoseconds. */
    static Duration sensible(Duration time) {
        return time.compareTo(LONGEST) < 0 ? time : LONGEST;
    }

    private long minRun() {
        try (var _ = new UserCall(core.runtime())) {
            return sensible(driver.minRun()).toNanos();
        }
    }

    // ---- what is asked of the driver

    /** Asks until it is done, or need not be any more, or its time is over: a reset of the device may come between. */
    private @Nullable Failure ask(String what, Supplier<Fence> request, BooleanSupplier needless)
            throws InterruptedException {
        long deadline = Seam.nanoTime() + bound.toNanos();
        for (long pause = PAUSE_NANOS;; pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS)) {
            Fence answer;
            try {
                answer = begin(request);
            } catch (RuntimeException | Error thrown) {
                core.faults().report(what, thrown);
                return new Failure.DriverError(thrown);
            }
            int _ = Fences.awaitAny(List.of(answer, core.end().fence()),
                    Duration.ofNanos(Math.max(0, deadline - Seam.nanoTime())));
            if (answer.outcome() == Outcome.OK || needless.getAsBoolean()) {
                return null;
            }
            Failure failure = answer.failure();
            if (failure == null) {
                return new Failure.DriverError(new TimeoutException(
                        what + " of queue " + core.timeline() + " was not done within " + bound));
            }
            if (core.faults().stoppedVolatile() instanceof Failure.DeviceLost
                    || deadline - Seam.nanoTime() <= pause) {
                return failure;
            }
            Seam.parkNanos(this, pause);
        }
    }

    private Fence begin(Supplier<Fence> request) {
        try (var _ = new UserCall(core.runtime())) {
            return Objects.requireNonNull(request.get(), "the driver gave no fence");
        }
    }

    // ---- coming back

    /** The new fence is made first, while that may fail; it stands in all reservations before the queue is resumed. */
    private void comeBack(Fence over) throws Exception {
        place = Place.IS_OFF;
        Round next = new Round(++rounds, over);
        do {
            awaitMoves();
            if (isStopped() || !bind()) {
                return;
            }
        } while (!publish(next));
        if (isStopped()) {
            // It is off the device and stays there.
            boolean _ = next.issuer.signal();
            return;
        }
        place = Place.COMES_BACK;
        Failure failure = ask("resume", driver::resume, this::isStopped);
        if (failure != null) {
            ban("it could not be resumed: " + failure.message());
            return;
        }
        resumedAt = Seam.nanoTime();
        place = Place.MAY_RUN;
    }

    /** Waits for what is being moved. */
    private void awaitMoves() throws InterruptedException {
        List<Fence> moves;
        synchronized (memories) {
            moves = memories.keySet().stream().map(memory -> memory.fence(Usage.KERNEL)).toList();
        }
        int _ = Fences.awaitAny(List.of(Fences.allOf(moves), stopped.fence()), LONGEST);
    }

    private boolean bind() {
        try {
            rebind.rebind();
            return true;
        } catch (Throwable thrown) {
            core.faults().report("rebind hook", thrown);
            ban("its rebind hook threw " + thrown);
            return false;
        } finally {
            // An interrupt that it has left is not this queue's.
            boolean _ = Thread.interrupted();
        }
    }

    /** Puts the fence of a round into all reservations; false if the memory was moved again meanwhile. */
    private boolean publish(Round next) throws InterruptedException {
        for (;;) {
            Reservation[] seen;
            int seenChanges;
            synchronized (memories) {
                seen = memories.keySet().toArray(Reservation[]::new);
                seenChanges = changes;
            }
            try (ReservationLocks locks = ReservationLocks.lock(seen)) {
                for (Reservation memory : seen) {
                    if (!memory.isDone(Usage.KERNEL)) {
                        return false;
                    }
                    locks.reserve(memory, 1);
                }
                if (!rebind.isBound()) {
                    return false;
                }
                if (becomesPresent(next, locks, seenChanges)) {
                    return true;
                }
            }
        }
    }

    /** False if the reservations that are locked are not those that are used. What it takes was allocated before. */
    private boolean becomesPresent(Round next, ReservationLocks locks, int seenChanges) {
        synchronized (memories) {
            if (changes != seenChanges && !ended) {
                return false;
            }
            Fence fence = next.arm();
            if (ended) {
                boolean _ = next.issuer.signal();
                return true;
            }
            // Whoever sees that it is the present one finds it in the reservations.
            memories.keySet().forEach(memory -> locks.add(memory, fence, Usage.BOOKKEEP));
            memories.replaceAll((_, _) -> fence);
            present = next;
            return true;
        }
    }

    // ---- for people

    /** Where the queue is, its preempt fence, and what memory it uses. */
    void describe(StringBuilder text) {
        List<String> names;
        Fence fence;
        int all;
        synchronized (memories) {
            fence = present.fence();
            all = memories.size();
            names = memories.keySet().stream().limit(SHOWN).map(Reservation::name).toList();
        }
        text.append("long-running: ").append(place.text).append("; resumed ")
                .append(TimeUnit.NANOSECONDS.toMillis(Seam.nanoTime() - resumedAt)).append(" ms ago; ").append(fence)
                .append(fence.isDone() ? ", signalled" : ", pending").append("; uses ").append(all)
                .append(" reservations");
        if (all != 0) {
            text.append(": ").append(String.join(", ", names)).append(all > SHOWN ? ", …" : "");
        }
    }
}
