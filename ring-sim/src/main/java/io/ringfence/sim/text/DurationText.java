package io.ringfence.sim.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as people write it: a number, perhaps with a point, and one of the units ns, us, ms and s. */
public final class DurationText {

    /** Bounded, so that a number of a million digits is refused before it is computed. */
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,19})?)(ns|us|ms|s)");

    private DurationText() {
    }

    /**
     * Reads one.
     *
     * @param text what was written
     * @return nanoseconds, 0 or more; empty if it is no time, has parts of a nanosecond, or is longer than 292 years
     */
    public static OptionalLong nanos(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        int digits = switch (matcher.group(2)) {
            case "s" -> 9;
            case "ms" -> 6;
            case "us" -> 3;
            default -> 0;
        };
        BigDecimal nanos = new BigDecimal(matcher.group(1)).scaleByPowerOfTen(digits).stripTrailingZeros();
        BigInteger whole = nanos.toBigInteger();
        return nanos.scale() > 0 || whole.bitLength() >= Long.SIZE ? OptionalLong.empty()
                : OptionalLong.of(whole.longValue());
    }
}
