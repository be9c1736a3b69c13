package io.ringfence.sim.faults;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

import io.ringfence.sim.layout.RingLayout;

import org.jspecify.annotations.Nullable;

/** What can be said of a fault, in the order in which it is written, with the values that are allowed. */
enum FaultKey {
    RING("ring", 0, 65_535),
    SEQNO("seqno", 1, (1L << RingLayout.SEQNO_BITS) - 1),
    AFTER("after", 0, Long.MAX_VALUE),
    EVERY("every", 1, Long.MAX_VALUE),
    RATE("rate", "above 0 and at most 1, such as 0.01"),
    TIMES("times", 1, Long.MAX_VALUE),
    BY("by", 1, 3_600_000_000_000L, "1ns to 3600s in whole nanoseconds, with the unit ns, us, ms or s"),
    REQUEST("request", "one of " + String.join(", ", Fault.REQUESTS)),
    WHEN("when", "before or after");

    /** The keys that say when a fault strikes. */
    static final Set<FaultKey> TRIGGERS = Collections.unmodifiableSet(EnumSet.range(RING, TIMES));

    private final String text;
    private final long low;
    private final long high;
    private final String range;

    FaultKey(String text, long low, long high) {
        this(text, low, high, low + " to " + high);
    }

    FaultKey(String text, String range) {
        this(text, 0, 0, range);
    }

    FaultKey(String text, long low, long high, String range) {
        this.text = text;
        this.low = low;
        this.high = high;
        this.range = range;
    }

    String text() {
        return text;
    }

    /** The key with that name, or null if there is none. */
    static @Nullable FaultKey named(String text) {
        for (FaultKey key : values()) {
            if (key.text.equals(text)) {
                return key;
            }
        }
        return null;
    }

    boolean admits(long value) {
        return value >= low && value <= high;
    }

    /** Returns the value if it is in the key's range. */
    long check(FaultKind kind, long value) {
        if (!admits(value)) {
            throw refusal(kind, String.valueOf(value));
        }
        return value;
    }

    /** What is thrown for a value that the key does not allow. */
    IllegalArgumentException refusal(FaultKind kind, String value) {
        return new IllegalArgumentException(kind.text() + ": " + text + " '" + value + "': must be " + range);
    }
}
