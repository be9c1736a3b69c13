package io.ringfence.sim.ftrace;

/**
 * One line of an ftrace text: {@code comm-pid [cpu] flags seconds.fraction: event: fields}. Names of tasks may hold anything, fractions
 * have up to nine digits, flags and a thread group may be missing. Used again for each line.
 */
final class FtraceLine {

    /** Stands for a number that is not there. */
    static final long ABSENT = Long.MIN_VALUE;

    private static final int MAX_FRACTION = 9;
    private static final int MAX_SECONDS_DIGITS = 9;

    private String line = "";
    private int commEnd;
    private long time;
    private int nameStart;
    private int nameEnd;
    private int body;

    /** Takes a line apart; false if it is no event. */
    boolean parse(String text) {
        line = text;
        for (int open = text.indexOf('['); open >= 0; open = text.indexOf('[', open + 1)) {
            int close = digits(open + 1);
            if (close > open + 1 && close < text.length() && text.charAt(close) == ']' && isTask(open)
                    && parseTime(close + 1)) {
                return true;
            }
        }
        return false;
    }

    /** What stands before a bracket is a task: a name, a dash, a number, perhaps another one in brackets. */
    private boolean isTask(int end) {
        int at = backOverSpaces(end);
        if (at > 0 && line.charAt(at - 1) == ')') {
            int open = line.lastIndexOf('(', at);
            at = open < 0 ? 0 : backOverSpaces(open);
        }
        int last = at;
        while (at > 0 && isDigit(line.charAt(at - 1))) {
            at--;
        }
        commEnd = at - 1;
        return at < last && at > 0 && line.charAt(at - 1) == '-';
    }

    private int backOverSpaces(int end) {
        int at = end;
        while (at > 0 && line.charAt(at - 1) == ' ') {
            at--;
        }
        return at;
    }

    private boolean parseTime(int from) {
        int at = spaces(from);
        int end = digits(at);
        if (!isTime(at, end)) {
            // Flags, then.
            at = line.indexOf(' ', at);
            if (at < 0) {
                return false;
            }
            at = spaces(at);
            end = digits(at);
            if (!isTime(at, end)) {
                return false;
            }
        }
        int fractionEnd = digits(end + 1);
        if (fractionEnd >= line.length() || line.charAt(fractionEnd) != ':') {
            return false;
        }
        time = number(at, end);
        for (int i = 0; i < MAX_FRACTION; i++) {
            time = time * 10 + (end + 1 + i < fractionEnd ? line.charAt(end + 1 + i) - '0' : 0);
        }
        return parseName(fractionEnd + 1);
    }

    private boolean isTime(int at, int end) {
        return end > at && end - at <= MAX_SECONDS_DIGITS && end < line.length() && line.charAt(end) == '.'
                && digits(end + 1) > end + 1 && digits(end + 1) - end - 1 <= MAX_FRACTION;
    }

    private boolean parseName(int from) {
        nameStart = spaces(from);
        int at = nameStart;
        while (at < line.length() && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '_')) {
            at++;
        }
        nameEnd = at;
        body = at + 1;
        return at > nameStart && at < line.length() && line.charAt(at) == ':';
    }

    private int spaces(int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private int digits(int from) {
        int at = from;
        while (at < line.length() && isDigit(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private long number(int from, int to) {
        long value = 0;
        for (int at = from; at < to; at++) {
            value = value * 10 + (line.charAt(at) - '0');
        }
        return value;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    // ---- what it says

    String comm() {
        return line.substring(0, commEnd).strip();
    }

    /** Nanoseconds. */
    long time() {
        return time;
    }

    String name() {
        return line.substring(nameStart, nameEnd);
    }

    /** Where the fields begin. */
    int body() {
        return body;
    }

    /** Where the value of a field begins, looked for from a place on; -1 if there is none. */
    int valueOf(String key, int from) {
        for (int at = line.indexOf(key, from); at >= 0; at = line.indexOf(key, at + 1)) {
            int end = at + key.length();
            char before = at == 0 ? ' ' : line.charAt(at - 1);
            if ((before == ' ' || before == ',') && end < line.length() && line.charAt(end) == '=') {
                return end + 1;
            }
        }
        return -1;
    }

    /** A decimal number without sign; {@link #ABSENT} if it is not there. */
    long number(String key) {
        int at = valueOf(key, body);
        return at < 0 ? ABSENT : decimal(at, digits(at));
    }

    private long decimal(int from, int to) {
        if (from == to) {
            return ABSENT;
        }
        if (to - from <= 18) {
            return number(from, to);
        }
        try {
            return Long.parseUnsignedLong(line, from, to, 10);
        } catch (NumberFormatException _) {
            return ABSENT;
        }
    }

    /** An address; {@link #ABSENT} if it is not there. */
    long address(String key) {
        int at = valueOf(key, body);
        if (at < 0) {
            return ABSENT;
        }
        int from = line.startsWith("0x", at) ? at + 2 : at;
        int end = from;
        while (end < line.length() && Character.digit(line.charAt(end), 16) >= 0) {
            end++;
        }
        try {
            return Long.parseUnsignedLong(line, from, end, 16);
        } catch (NumberFormatException _) {
            return ABSENT;
        }
    }

    /** A text, up to a comma or the next field; empty if it is not there. */
    String text(String key) {
        int at = valueOf(key, body);
        if (at < 0) {
            return "";
        }
        int end = at;
        while (end < line.length() && line.charAt(end) != ',' && !isBeforeField(end)) {
            end++;
        }
        return line.substring(at, end).strip();
    }

    /** Whether a space stands here and then a name with an equals sign. */
    private boolean isBeforeField(int at) {
        if (line.charAt(at) != ' ') {
            return false;
        }
        int end = at + 1;
        while (end < line.length() && (Character.isLetterOrDigit(line.charAt(end)) || line.charAt(end) == '_')) {
            end++;
        }
        return end > at + 1 && end < line.length() && line.charAt(end) == '=';
    }

    /** The first of two numbers with a colon between them; {@link #ABSENT} if they are not there. */
    long first(int at) {
        int end = at < 0 ? -1 : digits(at);
        return at < 0 || end >= line.length() || line.charAt(end) != ':' ? ABSENT : decimal(at, end);
    }

    /** The second of two numbers with a colon between them; {@link #ABSENT} if they are not there. */
    long second(int at) {
        int colon = at < 0 ? -1 : digits(at);
        return at < 0 || colon >= line.length() || line.charAt(colon) != ':'
                ? ABSENT
                : decimal(colon + 1, digits(colon + 1));
    }
}
