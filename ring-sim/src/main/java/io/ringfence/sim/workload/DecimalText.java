package io.ringfence.sim.workload;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Reads numbers from their characters.
 *
 * <p>A double has not enough digits for microseconds since 1970 with three decimals: between neighbouring doubles lie
 * 250 ns there. So times go from text to whole nanoseconds directly.
 */
public final class DecimalText {

    /** Stands for a number that is missing or cannot be used. */
    public static final long ABSENT = Long.MIN_VALUE;

    /**
     * The largest time or duration accepted, in nanoseconds: about 127 years. The difference of any two such times
     * still fits into a long.
     */
    public static final long MAX_NANOS = 4_000_000_000_000_000_000L;

    private static final int MAX_CHARACTERS = 64;
    private static final int DECIMALS = 3;
    private static final int SAFE_DIGITS = 18;

    private DecimalText() {}

    /**
     * Reads an integer.
     *
     * @param text where it stands
     * @param offset where it begins
     * @param length how long it is
     * @return the integer; those of 64 bits without sign wrap round; {@link #ABSENT} if the text is none
     */
    public static long toLong(char[] text, int offset, int length) {
        boolean negative = length > 0 && text[offset] == '-';
        int first = negative ? offset + 1 : offset;
        int end = offset + length;
        int digits = end - first;
        if (digits < 1 || digits > MAX_CHARACTERS || !allDigits(text, first, end)) {
            return ABSENT;
        }
        if (digits <= SAFE_DIGITS) {
            long value = digitsToLong(text, first, end);
            return negative ? -value : value;
        }
        try {
            String plain = new String(text, offset, length);
            return negative ? Long.parseLong(plain) : Long.parseUnsignedLong(plain);
        } catch (NumberFormatException tooLarge) {
            return ABSENT;
        }
    }

    /**
     * Reads microseconds.
     *
     * @param text where they stand
     * @param offset where they begin
     * @param length how long the text is
     * @return nanoseconds, rounded to the nearest; {@link #ABSENT} if unusable
     */
    public static long toNanos(char[] text, int offset, int length) {
        boolean negative = length > 0 && text[offset] == '-';
        int first = negative ? offset + 1 : offset;
        int end = offset + length;
        int point = first;
        while (point < end && isDigit(text[point])) {
            point++;
        }
        int decimals = point < end && text[point] == '.' ? end - point - 1 : 0;
        boolean plain = point == end || (decimals > 0 && allDigits(text, point + 1, end));
        if (!plain || decimals > DECIMALS || point == first || point - first > SAFE_DIGITS) {
            return unusualToNanos(text, offset, length);
        }
        long nanos = digitsToLong(text, first, point);
        if (nanos > MAX_NANOS / 1_000) {
            return ABSENT;
        }
        for (int i = 0; i < DECIMALS; i++) {
            nanos = nanos * 10 + (i < decimals ? text[point + 1 + i] - '0' : 0);
        }
        return bounded(negative ? -nanos : nanos);
    }

    private static long unusualToNanos(char[] text, int offset, int length) {
        if (length < 1 || length > MAX_CHARACTERS || !numeric(text, offset, offset + length)) {
            return ABSENT;
        }
        try {
            BigDecimal nanos = new BigDecimal(text, offset, length).scaleByPowerOfTen(DECIMALS);
            // Before any rounding: an exponent in the millions would otherwise be written out.
            if (nanos.scale() < -SAFE_DIGITS || nanos.scale() > MAX_CHARACTERS) {
                return ABSENT;
            }
            return bounded(nanos.setScale(0, RoundingMode.HALF_UP).longValueExact());
        } catch (ArithmeticException | NumberFormatException unusable) {
            return ABSENT;
        }
    }

    private static long bounded(long nanos) {
        return nanos > MAX_NANOS || nanos < -MAX_NANOS ? ABSENT : nanos;
    }

    private static long digitsToLong(char[] text, int first, int end) {
        long value = 0;
        for (int i = first; i < end; i++) {
            value = value * 10 + (text[i] - '0');
        }
        return value;
    }

    private static boolean allDigits(char[] text, int first, int end) {
        for (int i = first; i < end; i++) {
            if (!isDigit(text[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean numeric(char[] text, int first, int end) {
        for (int i = first; i < end; i++) {
            if (!isDigit(text[i]) && "+-.eE".indexOf(text[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
