package io.ringfence.internal.turn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Checked;
import io.ringfence.internal.seam.RuntimeThread;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/**
 * A counter that lets one thread at a time in. Whoever brings news enters; the one who finds it empty holds the turn
 * and works until it leaves with nothing left; the others go their way, and the counter tells the holder to look again.
 *
 * <p>Both sides are read-modify-writes of one word: news made visible before {@link #enter()} is seen by the look that
 * follows the {@code leave} which counted it. News is therefore never skipped because somebody is inside. A mere poll
 * is no news and uses {@link #tryEnter()}, which is never counted. Everything behind a turn is single-threaded code.
 *
 * <p>Cost: one locked instruction to enter, one to leave. A holder that is descheduled delays its own queue, those whose turns it has
 * entered to perform them next, and nothing else.
 */
public abstract class Turn extends TurnPadAfter {

    /** {@link #work(boolean)} did all there was to do. */
    protected static final int DONE = 0;
    /** {@link #work(boolean)} stopped at its bound with more to do; it wants to go on, on a thread of the runtime if it can. */
    protected static final int MORE = 1 << 30;
    /** {@link #work(boolean)} has ended for good: the turn is never left again, so nobody gets in any more. */
    protected static final int PARKED = 1 << 29;

    private static final int GOES = 0;
    private static final int ASKED = 1;
    private static final int STANDS = 2;

    private static final VarHandle HALTED;

    static {
        try {
            HALTED = MethodHandles.lookup().findVarHandle(Turn.class, "halted", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What the holder has seen of the counter; survives a hand-over. */
    private long seen = 1;
    /** What the holder's rounds have reported so far; survives a hand-over. */
    private int reported;
    /** No thread of the runtime took the turn over when asked, so the holder goes on itself. */
    private boolean refused;
    /** Who worked last; noted in the checked mode only. */
    private volatile @Nullable Thread holder;
    /** Whether the turn goes on, is asked to stand still, or does. */
    private volatile int halted = GOES;
    /** What the holder has taken from its rounds to do after the turn. */
    private final DeferredList carried = new DeferredList();
    private final LaterPoll later = new LaterPoll(this);

    /** For subclasses. */
    protected Turn() {
    }

    /**
     * Asks for the turn to stand still: as soon as its holder is between two pieces of work, at once if nobody is inside. Then nobody
     * is inside and nobody gets in; news is counted. A turn that has ended for good never stands still. Any thread; asked twice, it
     * is asked once.
     */
    public final void halt() {
        boolean _ = pass(Site.HALT);
        if (HALTED.compareAndSet(this, GOES, ASKED)) {
            news();
        }
    }

    /**
     * Whether the turn stands still. What it protects is then the business of whoever asked.
     *
     * @return true from when {@link #halted()} is called until {@link #letGo()}
     */
    public final boolean isStanding() {
        return halted == STANDS;
    }

    /**
     * Ends a standstill, or a request for it.
     *
     * @return this turn, if it stood still: it has to be performed; null if its holder goes on by himself
     */
    public final @Nullable Deferred letGo() {
        boolean _ = pass(Site.HALT);
        if (HALTED.compareAndSet(this, STANDS, GOES)) {
            return this;
        }
        // Between the two it may have come to stand.
        boolean withdrawn = HALTED.compareAndSet(this, ASKED, GOES);
        return !withdrawn && HALTED.compareAndSet(this, STANDS, GOES) ? this : null;
    }

    /**
     * Whether the holder should come to an end of what it is doing.
     *
     * @return true while somebody wants the turn to stand still
     */
    protected final boolean isHaltWanted() {
        return halted != GOES;
    }

    /** The turn has come to stand still, on the thread that held it; must neither wait nor touch what the turn protects. */
    protected void halted() {
    }

    /**
     * Brings news.
     *
     * @return true if the caller holds the turn now and has to perform it, false if the holder will look again
     */
    public final boolean enter() {
        boolean _ = pass(Site.TURN_ENTER);
        return getAndAddCount(1) == 0;
    }

    /**
     * Takes the turn if nobody has it; not counted as news otherwise.
     *
     * @return true if the caller holds the turn now and has to perform it
     */
    public final boolean tryEnter() {
        boolean _ = pass(Site.TURN_ENTER);
        return countOpaque() == 0 && compareAndSetCount(0, 1);
    }

    /**
     * Brings news and, if that gave the turn, works it off: now, or after the turn that the calling thread is in.
     */
    public final void news() {
        if (enter()) {
            drainArisen(performed(this));
        }
    }

    /**
     * As {@link #news()} for a poll: does nothing if somebody is inside. If the calling thread is inside of any turn or of user code,
     * it polls when it has left: it could not begin before, and must not keep those out until then who can.
     */
    public final void poll() {
        if (countOpaque() != 0) {
            return;
        }
        if (!UserCode.inside()) {
            if (tryEnter()) {
                drain(this);
            }
        } else {
            run(pollLater());
        }
    }

    /**
     * A poll of this turn, for when the calling thread has left what it is in. If that is this turn, and the poll then finds somebody
     * inside, he has come after the caller.
     *
     * @return what is to be done; null if a poll is on its way that was asked for before, and perhaps comes before the caller has left
     */
    public final @Nullable Deferred pollLater() {
        return later.isMine() ? later : null;
    }

    /**
     * News for this turn, for when the calling thread has left what it is in: entered now, the turn would be kept from everybody until then.
     *
     * @return what is to be done
     */
    public final Deferred newsLater() {
        return new LaterNews(this);
    }

    /** News that somebody brings when he has left. */
    private static final class LaterNews extends Deferred {
        private final Turn turn;

        LaterNews(Turn turn) {
            this.turn = turn;
        }

        @Override
        protected boolean handOver(Deferred chain) {
            return turn.handOver(chain);
        }

        @Override
        protected @Nullable Deferred perform() {
            return turn.enter() ? turn : null;
        }
    }

    /** A poll that somebody does when he has left; one for all who ask meanwhile, so that nothing is allocated. */
    private static final class LaterPoll extends Deferred {
        private static final VarHandle ASKED;

        static {
            try {
                ASKED = MethodHandles.lookup().findVarHandle(LaterPoll.class, "asked", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final Turn turn;
        @SuppressWarnings("UnusedVariable") // read and written through ASKED only
        private volatile boolean asked;

        LaterPoll(Turn turn) {
            this.turn = turn;
        }

        /** Whether the caller is the first who asks, and has to see to it. */
        boolean isMine() {
            return ASKED.compareAndSet(this, false, true);
        }

        @Override
        protected boolean isPrompt() {
            return true;
        }

        @Override
        protected boolean handOver(Deferred chain) {
            return turn.handOver(chain);
        }

        @Override
        protected @Nullable Deferred perform() {
            // Before the look: who asks from now on may have come too late for it.
            ASKED.setVolatile(this, false);
            return turn.tryEnter() ? turn : null;
        }
    }

    /**
     * Leaves the turn, for whoever has taken it by {@link #tryEnter()}, and has found that no look is needed, and nobody to be told.
     *
     * @return false if somebody brought news meanwhile, or wants the turn to stand still: the caller still holds it and has to perform it
     */
    protected final boolean leaveAtOnce() {
        if (isHaltWanted() || !pass(Site.TURN_LEAVE)) {
            return false;
        }
        long news = getAndAddCount(-1) - 1;
        if (news == 0) {
            return true;
        }
        seen = news;
        return false;
    }

    /**
     * What the turn protects: one look at everything that may have come. Throws nothing.
     *
     * @param first whether this is the first look of this holder, whose bound begins anew
     * @return {@link #DONE}, {@link #MORE} or {@link #PARKED}, and any lower bits for {@link #left(int)}
     */
    protected abstract int work(boolean first);

    /**
     * Called when the turn has been left, without it.
     *
     * @param report all bits that the rounds of work returned
     * @return what is to be done next, or null
     */
    protected abstract @Nullable Deferred left(int report);

    /**
     * What user code called inside {@link #work(boolean)} and the work itself put aside for after the turn; asked
     * before leaving.
     *
     * @return a chain, or null
     */
    protected abstract @Nullable Deferred takeAfter();

    @Override
    protected final boolean isPrompt() {
        return true;
    }

    /**
     * The thread is marked as inside user code from here until the turn was left and {@link #left(int)} has returned: one mark for all
     * that may call anybody's code. If it was inside already, the turn waits until it has left that: so whoever brings news need not
     * ask before.
     */
    @Override
    protected final @Nullable Deferred perform() {
        int token = UserCode.enter();
        @Nullable
        Deferred brought = null;
        @Nullable
        Deferred arisen;
        try {
            if (UserCode.isNested(token)) {
                boolean _ = UserCode.defer(this);
            } else {
                if (Checked.ON) {
                    holder = Thread.currentThread();
                    Checked.that(!UserCode.isNested(token),
                            () -> this + ": a turn was taken inside another, or inside user code");
                }
                brought = rounds();
            }
        } finally {
            arisen = UserCode.exit(token);
        }
        return join(brought, arisen);
    }

    /** One method, so that it can be seen that nothing is touched after the turn has been left, handed over or stands still. */
    private @Nullable Deferred rounds() {
        boolean told = false;
        for (boolean first = true;; first = false) {
            if (isHaltWanted()) {
                Deferred before = carried.take();
                if (HALTED.compareAndSet(this, ASKED, STANDS)) {
                    halted();
                    return before;
                }
                carried.append(before);
            }
            int report = work(first);
            reported |= report & ~(MORE | PARKED);
            carried.append(takeAfter());
            if ((report & PARKED) != 0) {
                return join(carried.take(), left(reported | PARKED));
            }
            if ((report & MORE) != 0) {
                if (!refused) {
                    // What others wait for does not wait for the next holder. Nothing may be touched after the
                    // hand-over.
                    Deferred after = carried.take();
                    if (handOver(this)) {
                        return after;
                    }
                    carried.append(after);
                    refused = true;
                }
                continue;
            }
            if (!pass(Site.TURN_LEAVE) && !told) {
                // What broke changed what there is to do.
                told = true;
                continue;
            }
            // Nothing of the holder's may be touched once the counter is 0: somebody else may hold the turn by then.
            Deferred after = carried.take();
            int summary = reported;
            long counted = seen;
            reported = 0;
            refused = false;
            seen = 1;
            long left = getAndAddCount(-counted) - counted;
            if (left == 0) {
                return join(after, left(summary));
            }
            carried.append(after);
            reported = summary;
            seen = left;
        }
    }

    /**
     * Whether the calling holder should ask a worker of the runtime to go on in its place.
     *
     * @return true on any thread but a worker that this turn may keep, unless the runtime has refused already
     */
    protected final boolean shouldHandOver() {
        return !refused && !RuntimeThread.isWorker(blocking());
    }

    /** News must arrive and turns be left, whatever a probe throws. */
    private boolean pass(Site site) {
        if (Seam.ON) {
            try {
                Seam.at(site);
            } catch (Throwable thrown) {
                broke(thrown);
                return false;
            }
        }
        return true;
    }

    /**
     * The turn's own code broke where no work could tell of it. Unless overridden it is logged.
     *
     * @param thrown what was thrown
     */
    protected void broke(Throwable thrown) {
        report(this, thrown);
    }

    /**
     * How much news was brought that the holder has not taken off the counter, the holder's own entry included.
     *
     * @return 0 if nobody is inside
     */
    public final long newsOpaque() {
        return countOpaque();
    }

    /**
     * Who holds the turn, or held it last.
     *
     * @return the thread; null if that is not known, as it is in the checked mode only
     */
    public final @Nullable Thread holderVolatile() {
        return holder;
    }
}
