package io.ringfence.sim.faults;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One thing that goes wrong, and when. Immutable. A <em>chance</em> is each time the firmware could do it on a ring
 * that the fault concerns, to a command, an event or a request; chances are counted over all those rings together.
 *
 * <p>{@code seqno}, {@code every} and {@code rate} exclude each other. Without any of them, the fault strikes at the
 * first chance that {@code after} leaves.
 *
 * @param kind    what goes wrong
 * @param ring    the ring that it concerns, 0 to 65535, or {@link #ANY_RING}
 * @param seqno   strikes the command with that seqno, 1 to 2^48-1; 0 for any
 * @param after   how many chances pass before the first that counts, 0 or more
 * @param every   strikes at every so many-th of those that count, 1 or more; 0 for none
 * @param rate    strikes at each of those that count with that probability, above 0 and at most 1; 0 for none
 * @param times   strikes so often at most, 1 or more; 0 for what {@link #limit()} says
 * @param byNanos how long it lasts, 1 ns to 1 hour; 0 for a kind that has no duration, or needs none
 * @param request the request that it concerns, one of {@link #REQUESTS}, or null for any
 * @param before  of a death: before the command has effects rather than after them
 */
public record Fault(FaultKind kind, int ring, long seqno, long after, long every, double rate, long times, long byNanos,
        @Nullable String request, boolean before) {

    /** Stands for every ring. */
    public static final int ANY_RING = -1;
    /** The limit of a fault that may strike again and again. */
    public static final long UNLIMITED = Long.MAX_VALUE;
    /** What a host can ask of the firmware. */
    public static final List<String> REQUESTS =
            List.of("register", "deregister", "suspend", "resume", "properties", "quiesce", "reset", "ban");

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String[] UNITS = {"s", "ms", "us"};

    /** Checks every value, and that they go together. */
    public Fault {
        checkKnown(kind, FaultKey.RING, ring, ANY_RING);
        checkKnown(kind, FaultKey.SEQNO, seqno, 0);
        checkKnown(kind, FaultKey.AFTER, after, 0);
        checkKnown(kind, FaultKey.EVERY, every, 0);
        checkKnown(kind, FaultKey.TIMES, times, 0);
        checkKnown(kind, FaultKey.BY, byNanos, 0);
        // No negative zero: it would differ from the zero that a plan gives.
        rate = rate == 0 ? 0 : checkRate(kind, rate);
        if (request != null) {
            checkAllowed(kind, FaultKey.REQUEST);
            if (!REQUESTS.contains(request)) {
                throw FaultKey.REQUEST.refusal(kind, request);
            }
        }
        if (before) {
            checkAllowed(kind, FaultKey.WHEN);
        }
        checkOneTrigger(kind, seqno, every, rate);
        if (byNanos == 0 && kind.needsDuration()) {
            throw new IllegalArgumentException(kind.text() + ": needs by=DURATION");
        }
    }

    private static void checkKnown(FaultKind kind, FaultKey key, long value, long none) {
        if (value != none) {
            checkAllowed(kind, key);
            key.check(kind, value);
        }
    }

    private static void checkAllowed(FaultKind kind, FaultKey key) {
        if (!kind.allows(key)) {
            throw kind.refusal(key);
        }
    }

    private static double checkRate(FaultKind kind, double rate) {
        if (!(rate > 0 && rate <= 1)) {
            throw FaultKey.RATE.refusal(kind, String.valueOf(rate));
        }
        return rate;
    }

    private static void checkOneTrigger(FaultKind kind, long seqno, long every, double rate) {
        String first = seqno != 0 ? "seqno" : "every";
        String second = rate != 0 ? "rate" : "every";
        int given = (seqno != 0 ? 1 : 0) + (every != 0 ? 1 : 0) + (rate != 0 ? 1 : 0);
        if (given == 3) {
            throw new IllegalArgumentException(kind.text() + ": seqno, every and rate exclude each other");
        }
        if (given == 2) {
            throw new IllegalArgumentException(kind.text() + ": " + first + " and " + second + " exclude each other");
        }
    }

    /**
     * A fault that strikes once, at the first chance on any ring.
     *
     * @param kind a kind that needs no duration
     * @return the fault
     * @throws IllegalArgumentException if the kind needs a duration
     */
    public static Fault of(FaultKind kind) {
        return new Fault(kind, ANY_RING, 0, 0, 0, 0, 0, 0, null, false);
    }

    /**
     * A fault with a duration that strikes once, at the first chance on any ring.
     *
     * @param kind a kind that has a duration
     * @param by   1 ns to 1 hour
     * @return the fault
     * @throws IllegalArgumentException if the kind has no duration, or the duration is out of range
     */
    public static Fault of(FaultKind kind, Duration by) {
        return new Fault(kind, ANY_RING, 0, 0, 0, 0, 0, nanos(kind, by), null, false);
    }

    private static long nanos(FaultKind kind, Duration by) {
        if (!by.isPositive() || by.compareTo(LONGEST) > 0) {
            throw FaultKey.BY.refusal(kind, by.toString());
        }
        return by.toNanos();
    }

    /**
     * On one ring only.
     *
     * @param number 0 to 65535
     * @return a copy
     */
    public Fault onRing(int number) {
        FaultKey.RING.check(kind, number);
        return new Fault(kind, number, seqno, after, every, rate, times, byNanos, request, before);
    }

    /**
     * At one command.
     *
     * @param number 1 to 2^48-1
     * @return a copy
     */
    public Fault atSeqno(long number) {
        FaultKey.SEQNO.check(kind, number);
        return new Fault(kind, ring, number, after, every, rate, times, byNanos, request, before);
    }

    /**
     * Not before some chances have passed.
     *
     * @param chances 0 or more
     * @return a copy
     */
    public Fault after(long chances) {
        return new Fault(kind, ring, seqno, chances, every, rate, times, byNanos, request, before);
    }

    /**
     * Again and again.
     *
     * @param chances 1 or more; it strikes at the last of each so many
     * @return a copy
     */
    public Fault every(long chances) {
        FaultKey.EVERY.check(kind, chances);
        return new Fault(kind, ring, seqno, after, chances, rate, times, byNanos, request, before);
    }

    /**
     * At random.
     *
     * @param probability of each chance, above 0 and at most 1
     * @return a copy
     */
    public Fault rate(double probability) {
        return new Fault(kind, ring, seqno, after, every, checkRate(kind, probability), times, byNanos, request,
                before);
    }

    /**
     * So often at most.
     *
     * @param count 1 or more
     * @return a copy
     */
    public Fault times(long count) {
        FaultKey.TIMES.check(kind, count);
        return new Fault(kind, ring, seqno, after, every, rate, count, byNanos, request, before);
    }

    /**
     * For some time.
     *
     * @param duration 1 ns to 1 hour
     * @return a copy
     * @throws IllegalArgumentException if the kind has no duration, or the duration is out of range
     */
    public Fault by(Duration duration) {
        return new Fault(kind, ring, seqno, after, every, rate, times, nanos(kind, duration), request, before);
    }

    /**
     * At one kind of request only.
     *
     * @param name one of {@link #REQUESTS}
     * @return a copy
     */
    public Fault onRequest(String name) {
        return new Fault(kind, ring, seqno, after, every, rate, times, byNanos, name, before);
    }

    /**
     * Of a death: before the command has effects.
     *
     * @return a copy
     */
    public Fault beforeEffects() {
        return new Fault(kind, ring, seqno, after, every, rate, times, byNanos, request, true);
    }

    /**
     * How often it strikes at most.
     *
     * @return {@code times} if that was given; else 1, or {@link #UNLIMITED} with {@code every} or {@code rate}
     */
    public long limit() {
        if (times != 0) {
            return times;
        }
        return every != 0 || rate != 0 ? UNLIMITED : 1;
    }

    /** The fault as a line of a plan. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(kind.text());
        append(line, FaultKey.RING, ring != ANY_RING, ring);
        append(line, FaultKey.SEQNO, seqno != 0, seqno);
        append(line, FaultKey.AFTER, after != 0, after);
        append(line, FaultKey.EVERY, every != 0, every);
        append(line, FaultKey.RATE, rate != 0, BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString());
        append(line, FaultKey.TIMES, times != 0, times);
        append(line, FaultKey.BY, byNanos != 0, duration(byNanos));
        append(line, FaultKey.REQUEST, request != null, String.valueOf(request));
        append(line, FaultKey.WHEN, before, "before");
        return line.toString();
    }

    private static void append(StringBuilder line, FaultKey key, boolean given, Object value) {
        if (given) {
            line.append(' ').append(key.text()).append('=').append(value);
        }
    }

    /** In the largest unit of which it is a whole number. */
    private static String duration(long nanos) {
        long unit = 1_000_000_000;
        for (String name : UNITS) {
            if (nanos % unit == 0) {
                return nanos / unit + name;
            }
            unit /= 1000;
        }
        return nanos + "ns";
    }
}
