package io.ringfence.internal.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * The slots of a ring. Slot of a seqno: {@code seqno & (capacity - 1)}.
 *
 * <p>A slot is its producer's from the claim until the stamp; the issue turn's until {@code issued} has passed it; then
 * the completion turn's, which clears it and only then advances the timeline. The stamp, written last with release,
 * says "this seqno is published here"; 0 means empty, so a slot that was never used needs no preparation.
 *
 * <p>All other accesses to a slot are plain: the stamp, {@code issued} and the timeline's counter order them.
 */
public class Slots {

    /** Set in a slot that carries no job. */
    public static final long HOLE = 1L << 32;
    /** Set in a slot whose job failed; the extra says why. */
    public static final long FAILED = 1L << 33;
    /** Set in a slot that the device will not report, or has reported out of order. */
    public static final long DONE = 1L << 34;

    /** The longest limit that a job can have of its own, in milliseconds: some six days. */
    public static final long MAX_LIMIT_MILLIS = (1L << 29) - 1;

    /** The most that a job can cost. */
    public static final int MAX_CREDITS = (1 << 30) - 1;

    private static final long CREDITS = MAX_CREDITS;
    /** Set in a slot of a job whose fence is told of every end. */
    private static final long TOLD = 1L << 30;
    /** Set in a slot of a job on which something hangs: dependencies, the cause of a failure. */
    private static final long LADEN = 1L << 31;
    private static final long SPECIAL = TOLD | LADEN | HOLE | FAILED | DONE;
    private static final int LIMIT = 35;

    /** Elements before and behind the words, so that no neighbour on the heap shares a cache line with them. */
    private static final int EDGE = 16;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle FENCED;

    static {
        try {
            FENCED = MethodHandles.lookup().findVarHandle(Slots.class, "fenced", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int mask;
    /** Two words a slot: the stamp, and credits with flags. */
    private final long[] words;
    private final @Nullable Object[] payloads;
    /** Named dependencies, or the cause of a failure. */
    private final @Nullable Object[] extras;
    /** Who is to be told what became of the job. */
    private final @Nullable Object[] fences;
    /** Whether anybody was ever to be told; seen or stored before the stamp of his slot, by whoever owns it, and never taken back. */
    private boolean fenced;

    /**
     * Makes empty slots.
     *
     * @param capacity how many; a power of two
     */
    public Slots(int capacity) {
        mask = capacity - 1;
        words = new long[2 * capacity + 2 * EDGE];
        payloads = new Object[capacity];
        extras = new Object[capacity];
        fences = new Object[capacity];
    }

    /**
     * What {@link #publishRelease} takes for a job; for one without a limit of its own it is the credits.
     *
     * @param credits     what the job costs, 0 to {@link #MAX_CREDITS}
     * @param limitMillis how long it may make no progress on the device, 0 to {@link #MAX_LIMIT_MILLIS}; 0 for the queue's limit
     * @return both in one word
     */
    public static long terms(int credits, long limitMillis) {
        return limitMillis << LIMIT | credits;
    }

    private int word(long seqno) {
        return EDGE + 2 * ((int) seqno & mask);
    }

    /**
     * Publishes a claimed slot; its producer only.
     *
     * @param seqno   the claimed seqno
     * @param payload the job's payload, or null for a hole
     * @param extra   the dependencies the job names, or null
     * @param fence   who is to be told what became of the job, or null
     * @param told    whether that is told also of a job that is ok; one that is told of failures only is not touched when there is none
     * @param terms   what it costs and how long it may take, as made by {@link #terms}; 0 for a hole
     */
    public void publishRelease(long seqno, @Nullable Object payload, @Nullable Object extra, @Nullable Object fence,
            boolean told, long terms) {
        int word = word(seqno);
        int slot = (int) seqno & mask;
        payloads[slot] = payload;
        long said = payload == null ? HOLE | DONE : terms;
        if (extra != null) {
            extras[slot] = extra;
            said |= LADEN;
        }
        if (fence != null) {
            fences[slot] = fence;
            if (!(boolean) FENCED.getAcquire(this)) {
                FENCED.setRelease(this, true);
            }
            said |= told ? TOLD : 0;
        }
        words[word + 1] = said;
        WORD.setRelease(words, word, seqno);
    }

    /**
     * Publishes claimed slots that follow each other; their producer only. A payload that is null by now is a hole.
     *
     * @param first the first claimed seqno
     * @param jobs  holds the payloads
     * @param from  where the first of them stands
     * @param count how many
     * @param terms what each costs and how long it may take, from index 0; or null, if each costs one credit
     */
    public void publishAllRelease(long first, @Nullable Object[] jobs, int from, int count, long @Nullable [] terms) {
        int slot = (int) first & mask;
        int ahead = Math.min(count, mask + 1 - slot);
        System.arraycopy(jobs, from, payloads, slot, ahead);
        System.arraycopy(jobs, from + ahead, payloads, 0, count - ahead);
        for (int i = 0; i < count; i++) {
            long seqno = first + i;
            int word = word(seqno);
            long agreed = terms == null ? 1 : terms[i];
            words[word + 1] = payloads[(int) seqno & mask] == null ? HOLE | DONE : agreed;
            WORD.setRelease(words, word, seqno);
        }
    }

    /**
     * Whether a seqno is published.
     *
     * @param seqno the seqno
     * @return true if its slot holds it; everything the producer wrote is then visible
     */
    public boolean publishedAcquire(long seqno) {
        return (long) WORD.getAcquire(words, word(seqno)) == seqno;
    }

    /**
     * The payload; the owner only.
     *
     * @param seqno the seqno
     * @return the payload, or null in a hole
     */
    public @Nullable Object payloadPlain(long seqno) {
        return payloads[(int) seqno & mask];
    }

    /**
     * Who is to be told what became of the job; the owner only.
     *
     * @param seqno the seqno
     * @return what the producer published, or null
     */
    public @Nullable Object fencePlain(long seqno) {
        return fences[(int) seqno & mask];
    }

    /**
     * What hangs on the job; the owner only.
     *
     * @param seqno the seqno
     * @return dependencies or the cause of a failure, or null
     */
    public @Nullable Object extraPlain(long seqno) {
        return extras[(int) seqno & mask];
    }

    /**
     * Hangs something on the job; the owner only.
     *
     * @param seqno the seqno
     * @param extra dependencies or the cause of a failure, or null
     */
    public void extraPlain(long seqno, @Nullable Object extra) {
        extras[(int) seqno & mask] = extra;
        if (extra != null) {
            markPlain(seqno, LADEN);
        }
    }

    /**
     * Whether a slot carries a job of which there is no more to say than its payload and its terms, as long as it does not fail; the
     * owner only.
     *
     * @param seqno the seqno
     * @return false for holes, for jobs that failed or are done, and where anything hangs on the job
     */
    public boolean isBarePlain(long seqno) {
        return (words[word(seqno) + 1] & SPECIAL) == 0;
    }

    /**
     * Whether there is nothing else to be said of a job than that something hangs on it; the owner only.
     *
     * @param seqno the seqno
     * @return whether it has dependencies or a cause, and neither a fence that is told nor one of the flags
     */
    public boolean isOnlyLadenPlain(long seqno) {
        return (words[word(seqno) + 1] & SPECIAL) == LADEN;
    }

    /**
     * What the job costs; the owner only.
     *
     * @param seqno the seqno
     * @return its credits
     */
    public int creditsPlain(long seqno) {
        return (int) (words[word(seqno) + 1] & CREDITS);
    }

    /**
     * How long the job may make no progress; any thread that looks afterwards whether the seqno was still live.
     *
     * @param seqno the seqno
     * @return milliseconds, 0 for the queue's limit
     */
    public long limitMillisOpaque(long seqno) {
        return (long) WORD.getOpaque(words, word(seqno) + 1) >>> LIMIT;
    }

    /**
     * Takes the credits off a job that will not run; the owner only.
     *
     * @param seqno the seqno
     */
    public void clearCreditsPlain(long seqno) {
        words[word(seqno) + 1] &= ~CREDITS;
    }

    /**
     * Whether a flag is set; the owner only.
     *
     * @param seqno the seqno
     * @param flag  {@link #HOLE}, {@link #FAILED} or {@link #DONE}
     * @return whether it is set
     */
    public boolean hasPlain(long seqno, long flag) {
        return (words[word(seqno) + 1] & flag) != 0;
    }

    /**
     * As {@link #hasPlain}; any thread that looks afterwards whether the seqno was still live.
     *
     * @param seqno the seqno
     * @param flag  {@link #HOLE}, {@link #FAILED} or {@link #DONE}
     * @return whether it was set
     */
    public boolean hasOpaque(long seqno, long flag) {
        return ((long) WORD.getOpaque(words, word(seqno) + 1) & flag) != 0;
    }

    /**
     * Sets flags; the owner only.
     *
     * @param seqno the seqno
     * @param flags any of {@link #HOLE}, {@link #FAILED}, {@link #DONE}
     */
    public void markPlain(long seqno, long flags) {
        words[word(seqno) + 1] |= flags;
    }

    /**
     * Empties a slot; the completion turn only, before it advances the timeline past the seqno. Twice is as good as once.
     *
     * @param seqno the seqno
     */
    public void clearPlain(long seqno) {
        if (!isBarePlain(seqno)) {
            extras[(int) seqno & mask] = null;
        }
        clearBarePlain(seqno);
    }

    /**
     * As {@link #clearPlain}, for a slot that {@linkplain #isBarePlain is bare}.
     *
     * @param seqno the seqno
     */
    public void clearBarePlain(long seqno) {
        int slot = (int) seqno & mask;
        payloads[slot] = null;
        if (fenced && fences[slot] != null) {
            fences[slot] = null;
        }
        WORD.setOpaque(words, word(seqno), 0L);
    }
}
