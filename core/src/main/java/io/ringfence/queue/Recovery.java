package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.Verdict;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/**
 * Recovers the queues of one failure domain: has their turns stand still, asks the driver whose job seems to hang, quiesces the
 * device, takes its last word, resets it, has what is innocent handed over again, and lets everybody go on.
 *
 * <p>A machine of states whose steps never wait: {@link RecoveryLoop} takes them when something has happened that it waits for, or
 * its time is over. So any number of domains recover beside each other on one thread.
 *
 * <p>The handshakes: a turn comes to stand (compare-and-set), then it is made known; a queue that joins adds itself, then looks whether
 * a recovery is under way, and a recovery says so (volatile), then looks at who has joined, on both sides with a full fence in between.
 */
final class Recovery {

    /** What is asked of the domain is asked so often before it is given up. */
    private static final int ATTEMPTS = 2;
    /** How long a ring that nothing can reset is waited for. */
    private static final Duration BOUND = Duration.ofSeconds(5);

    private static final VarHandle POSTED;

    static {
        try {
            POSTED = MethodHandles.lookup().findVarHandle(Recovery.class, "posted", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private enum Phase {
        /** Nothing is to be done. */
        IDLE,
        /** All turns are to come to stand. */
        HALTING,
        /** The device is to stop. */
        QUIESCING,
        /** It is to go on as if nothing had happened. */
        RESUMING,
        /** It is to give up everything. */
        RESETTING;

        String text() {
            return switch (this) {
                case QUIESCING -> "quiesce";
                case RESUMING -> "resume";
                case RESETTING -> "reset";
                case IDLE, HALTING -> "halt";
            };
        }
    }

    private final RecoveryLoop loop;
    /** Null for a ring that nothing can reset. */
    private final @Nullable FailureDomain domain;
    private final String name;
    private final DomainQueues queues = new DomainQueues();
    /** The same, with those that are about to be opened; guarded by the loop. */
    private final Set<QueueCore<?>> known = QueueCore.newSet();
    private final Queue<RecoveryRequest> requests = new ConcurrentLinkedQueue<>();
    @SuppressWarnings("UnusedVariable") // read and written through POSTED only
    private volatile boolean posted;
    /** The next in the list of those who have to be stepped; whoever set {@link #posted} writes it, and the loop. */
    @Nullable
    Recovery nextPosted;
    /** Turns stand still, or are to. */
    private volatile boolean active;

    // From here on the loop's.
    private Phase phase = Phase.IDLE;
    private final Patience patience = new Patience();
    private @Nullable RecoveryRequest request;
    /** Whose fault it is, as far as is known; 0 for nobody's. */
    private long named;
    /** The same, once it is certain. */
    private long guilty;
    private @Nullable Fence answer;
    private int attempts;

    Recovery(RecoveryLoop loop, @Nullable FailureDomain domain, String name) {
        this.loop = loop;
        this.domain = domain;
        this.name = name;
    }

    @Nullable
    FailureDomain domain() {
        return domain;
    }

    // ---- any thread

    /** How often the domain was reset: what a queue has missed whose driver is opened after this. */
    int resetsVolatile() {
        return queues.resetsVolatile();
    }

    /** A queue whose driver is open; before anything is submitted to it. */
    void join(QueueCore<?> core) {
        queues.add(core);
        if (active || queues.hasMissed(core)) {
            DomainQueues.halt(core);
            // It may be over by now, or the next one begun: only the actor knows, and it lets go.
            post();
        }
    }

    /** A queue has ended. */
    void leave(QueueCore<?> core) {
        queues.remove(core);
        loop.left(this, core);
        turnChanged();
    }

    boolean isOf(RecoveryLoop other) {
        return loop == other;
    }

    /** A queue is about to be opened; guarded by the loop. */
    void comes(QueueCore<?> core) {
        boolean _ = known.add(core);
    }

    /** It has ended, or was not opened; guarded by the loop. Whether there are others. */
    boolean goes(QueueCore<?> core) {
        boolean _ = known.remove(core);
        return !known.isEmpty();
    }

    void request(RecoveryRequest asked) {
        requests.add(asked);
        post();
    }

    /** A turn has come to stand, or has ended for good. */
    void turnChanged() {
        // Also when all is over: one that has missed a reset is waited for.
        if (active || queues.resetsVolatile() != 0) {
            post();
        }
    }

    private void post() {
        Seam.at(Site.HALT);
        if (POSTED.compareAndSet(this, false, true)) {
            loop.post(this);
        }
    }

    /** The loop has taken it from its list; before it looks at anything. */
    void taken() {
        nextPosted = null;
        posted = false;
    }

    // ---- the steps

    /**
     * Goes as far as it can.
     *
     * @return until when it waits for something, on the scale of the seam's clock; {@code Long.MAX_VALUE} if it has nothing to do
     */
    long step() {
        try {
            while (goesOn()) {
                Thread.onSpinWait();
            }
        } catch (Throwable thrown) {
            QueueFaults.reportFor("failure domain ", name, "recovery", thrown);
            lose("its recovery failed: " + thrown);
        }
        return phase == Phase.IDLE ? Long.MAX_VALUE : patience.nextLook();
    }

    private boolean goesOn() throws Exception {
        return switch (phase) {
            case IDLE -> begins();
            case HALTING -> halts() && judges();
            case QUIESCING, RESUMING, RESETTING -> isAnswered();
        };
    }

    private Duration bound() {
        Duration bound = domain == null ? BOUND : domain.bound();
        return bound.isPositive() ? bound : BOUND;
    }

    private boolean begins() throws Exception {
        RecoveryRequest next = requests.poll();
        if (next == null) {
            // Whoever joined late stands perhaps.
            queues.letLateOnesGo();
            return false;
        }
        if (!next.isCurrent()) {
            return true;
        }
        // Before anything has begun: halting must not fail half-way.
        queues.prepare();
        request = next;
        Seam.at(Site.HALT);
        active = true;
        queues.haltAll();
        patience.begin(bound());
        phase = Phase.HALTING;
        return true;
    }

    /** Whether all stand still, or those that do not have been given up. */
    private boolean halts() {
        boolean over = patience.isOver();
        haltWaiting();
        for (QueueCore<?> core : queues.all()) {
            if (DomainQueues.standsOrEnds(core)) {
                continue;
            }
            if (!over) {
                return false;
            }
            core.lose(new Failure.DeviceLost(late(core)));
            DomainQueues.letGo(core);
        }
        return true;
    }

    /** Turns that wait for a thread, not for their driver, come to stand at once; one of them may wait behind another. */
    private void haltWaiting() {
        boolean found;
        do {
            found = false;
            for (QueueCore<?> core : queues.all()) {
                if (!DomainQueues.standsOrEnds(core)) {
                    found |= core.runtime().threads().performWaiting(core.issue());
                    found |= core.runtime().threads().performWaiting(core.completion());
                }
            }
        } while (found);
    }

    private String late(QueueCore<?> core) {
        long running = core.issue().runs().runningOpaque();
        return (running != 0 ? "run of seqno " + running + " did not return"
                : "a thread that has brought it news, or polls its device, did not come to it, out of a callback perhaps,")
                + " within " + bound() + ", for which the recovery of failure domain " + name + " waited";
    }

    private boolean judges() {
        RecoveryRequest asked = current();
        if (queues.noneStands()) {
            return goOn();
        }
        if (!DomainQueues.stands(asked.core())) {
            named = asked.seqno();
            // One that has ended meanwhile, or is just being opened, has nothing on the device.
            return asked.core().lostVolatile() == null ? goOn() : quiesce();
        }
        Rewind<?> rewind = asked.core().rewind();
        rewind.harvest();
        long seqno = asked.seqno() == 0 ? rewind.head() : asked.seqno();
        if (!rewind.isUnfinished(seqno)) {
            return goOn();
        }
        return switch (rewind.ask(seqno, asked.executed())) {
            case Verdict.NoHang _ -> goOn();
            case Verdict.DeviceLost(String reason) -> lose(reason);
            case Verdict.Guilty(long other) -> {
                // One that is complete cannot be what keeps this one from going on.
                named = rewind.isUnfinished(other) ? other : seqno;
                request = asked.against(named);
                yield quiesce();
            }
        };
    }

    private RecoveryRequest current() {
        RecoveryRequest asked = request;
        if (asked == null) {
            throw new IllegalStateException("nothing was asked for");
        }
        return asked;
    }

    private boolean quiesce() {
        return domain == null ? lose(current().who() + ": " + current().why() + "; its device cannot be reset")
                : start(Phase.QUIESCING);
    }

    // ---- what is asked of the domain

    private boolean start(Phase next) {
        phase = next;
        attempts = 0;
        ask();
        return true;
    }

    private void ask() {
        FailureDomain device = domain;
        if (device == null) {
            throw new IllegalStateException("there is no domain");
        }
        attempts++;
        patience.begin(bound());
        answer = null;
        answer = UserCall.ask(loop.runtime(), () -> {
            Fence given = switch (phase) {
                case QUIESCING -> device.quiesce();
                case RESUMING -> device.resume();
                default -> device.reset();
            };
            // Its signaller's thread has no more to do than to say so.
            var _ = given.onDone(this::post);
            return given;
        }, thrown -> {
            QueueFaults.reportFor("failure domain ", name, phase.text(), thrown);
            return Fences.failed(phase.text() + " of failure domain " + name, new Failure.DriverError(thrown));
        });
    }

    private boolean isAnswered() throws Exception {
        Fence given = answer;
        Outcome outcome = given == null ? Outcome.PENDING : given.outcome();
        if (outcome == Outcome.PENDING && !patience.isOver()) {
            return false;
        }
        Failure failure = given == null ? null : given.failure();
        if (outcome == Outcome.OK) {
            return switch (phase) {
                case QUIESCING -> lastWord();
                case RESUMING -> goOn();
                default -> restart();
            };
        }
        if (attempts < ATTEMPTS) {
            ask();
            return true;
        }
        return lose(phase.text() + " of failure domain " + name
                + (failure == null ? " was not answered within " + bound() : " failed: " + failure.message()));
    }

    /** The device has stopped: what it has completed by now counts, and nothing else will. */
    private boolean lastWord() {
        RecoveryRequest asked = current();
        queues.forEachStanding(Rewind::harvest);
        boolean known = DomainQueues.stands(asked.core());
        if (known && !asked.core().rewind().isUnfinished(named)) {
            return start(Phase.RESUMING);
        }
        boolean begun = known && asked.core().rewind().hasStarted(named);
        if (known && !begun && asked.core().rewind().fruitless() > Math.max(1, asked.core().options().hangLimit())) {
            return lose(asked.who() + " is not begun though the device was reset again and again: " + asked.why());
        }
        guilty = begun ? named : 0;
        String cause = asked.who() + ": " + asked.why();
        Failure blame = new Failure.TimedOut(cause);
        Failure victim = new Failure.InnocentVictim("the device was reset because of " + cause);
        queues.forEachStanding(rewind -> rewind.giveUp(rewind == asked.core().rewind() ? guilty : 0, blame, victim));
        return start(Phase.RESETTING);
    }

    private boolean restart() throws Exception {
        queues.wereReset();
        if (guilty != 0) {
            try (var _ = new UserCall(loop.runtime())) {
                punish(current());
            }
        }
        return goOn();
    }

    private static void punish(RecoveryRequest asked) {
        QueueCore<?> core = asked.core();
        Client client = core.client();
        int hangs = core.rewind().hangsVolatile();
        if (hangs > core.options().hangLimit()) {
            Fence _ = core.end().ban(hangs + " of its jobs hung, where " + core.options().hangLimit()
                    + " are forgiven; the last was " + asked.who() + ": " + asked.why());
        }
        if (client != null) {
            client.guilty(asked.who() + ": " + asked.why());
        }
    }

    private boolean lose(String reason) {
        Failure gone = new Failure.DeviceLost(reason);
        queues.loseAll(gone);
        return goOn();
    }

    private boolean goOn() {
        // One that was only asked about has not kept the others from their work.
        RecoveryRequest only = phase == Phase.HALTING ? request : null;
        phase = Phase.IDLE;
        request = null;
        answer = null;
        guilty = 0;
        Seam.at(Site.HALT);
        active = false;
        for (QueueCore<?> core : queues.all()) {
            HangClock clock = core.clock();
            if (clock != null && (only == null || only.core() == core)) {
                clock.clear();
            }
            queues.letGoUnlessMissed(core);
        }
        return true;
    }

    @Override
    public String toString() {
        return "failure domain " + name;
    }
}
