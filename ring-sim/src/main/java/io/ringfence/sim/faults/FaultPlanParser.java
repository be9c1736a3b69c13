package io.ringfence.sim.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import io.ringfence.sim.text.DurationText;

import org.jspecify.annotations.Nullable;

/** Reads one plan; the page {@code docs/faults.md} says how it is written. Errors name the line. */
final class FaultPlanParser {

    private static final String SEED = "seed";
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");
    private static final Pattern RATE = Pattern.compile("0?\\.[0-9]+|1(\\.0+)?");
    /** Longer words are cut in messages. */
    private static final int MAX_QUOTED = 60;

    private final List<Fault> faults = new ArrayList<>();
    private long seed = FaultPlan.DEFAULT_SEED;
    /** Where the seed was given, or 0. */
    private int seedLine;

    private FaultPlanParser() {
    }

    static FaultPlan parse(String text) {
        FaultPlanParser parser = new FaultPlanParser();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int comment = lines[i].indexOf('#');
            String said = comment < 0 ? lines[i] : lines[i].substring(0, comment);
            for (String statement : said.split(";", -1)) {
                if (!statement.isBlank()) {
                    parser.statement(i + 1, statement.strip());
                }
            }
        }
        return FaultPlan.of(parser.seed, parser.faults.toArray(Fault[]::new));
    }

    private void statement(int line, String statement) {
        String[] words = BLANKS.split(statement, -1);
        if (words[0].equals(SEED)) {
            seed(line, statement.substring(SEED.length()).strip());
            return;
        }
        FaultKind kind = FaultKind.named(words[0]);
        if (kind == null) {
            throw new FaultPlanException(line,
                    "unknown fault " + quoted(words[0]) + ": must be one of " + FaultKind.names() + ", or seed N");
        }
        try {
            faults.add(fault(kind, given(kind, words)));
        } catch (IllegalArgumentException e) {
            throw new FaultPlanException(line, String.valueOf(e.getMessage()));
        }
    }

    private void seed(int line, String value) {
        if (seedLine != 0) {
            throw new FaultPlanException(line, "seed given twice, first in line " + seedLine);
        }
        Long number = whole(value);
        if (number == null) {
            throw new FaultPlanException(line,
                    "seed " + quoted(value) + ": must be " + Long.MIN_VALUE + " to " + Long.MAX_VALUE);
        }
        seed = number;
        seedLine = line;
    }

    private static Map<FaultKey, String> given(FaultKind kind, String[] words) {
        Map<FaultKey, String> given = new EnumMap<>(FaultKey.class);
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(kind.text() + ": " + quoted(words[i]) + ": must be KEY=VALUE");
            }
            String name = words[i].substring(0, equals);
            FaultKey key = FaultKey.named(name);
            if (key == null) {
                throw new IllegalArgumentException(
                        kind.text() + ": unknown key " + quoted(name) + ": allowed are " + kind.keys());
            }
            if (!kind.allows(key)) {
                throw kind.refusal(key);
            }
            if (given.put(key, words[i].substring(equals + 1)) != null) {
                throw new IllegalArgumentException(kind.text() + ": key '" + name + "' given twice");
            }
        }
        return given;
    }

    private static Fault fault(FaultKind kind, Map<FaultKey, String> given) {
        return new Fault(kind, (int) number(kind, FaultKey.RING, given, Fault.ANY_RING),
                number(kind, FaultKey.SEQNO, given, 0), number(kind, FaultKey.AFTER, given, 0),
                number(kind, FaultKey.EVERY, given, 0), rate(kind, given.get(FaultKey.RATE)),
                number(kind, FaultKey.TIMES, given, 0), nanos(kind, given.get(FaultKey.BY)),
                request(kind, given.get(FaultKey.REQUEST)), before(kind, given.get(FaultKey.WHEN)));
    }

    private static long number(FaultKind kind, FaultKey key, Map<FaultKey, String> given, long none) {
        String text = given.get(key);
        if (text == null) {
            return none;
        }
        Long number = whole(text);
        if (number == null || !key.admits(number)) {
            throw refusal(kind, key, text);
        }
        return number;
    }

    private static @Nullable Long whole(String text) {
        // The digits of other scripts and a plus sign would pass without it.
        if (!WHOLE.matcher(text).matches()) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static double rate(FaultKind kind, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        double rate = RATE.matcher(text).matches() ? Double.parseDouble(text) : 0;
        if (rate == 0) {
            throw refusal(kind, FaultKey.RATE, text);
        }
        return rate;
    }

    private static long nanos(FaultKind kind, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        OptionalLong nanos = DurationText.nanos(text);
        if (nanos.isEmpty() || !FaultKey.BY.admits(nanos.getAsLong())) {
            throw refusal(kind, FaultKey.BY, text);
        }
        return nanos.getAsLong();
    }

    private static @Nullable String request(FaultKind kind, @Nullable String text) {
        if (text != null && !Fault.REQUESTS.contains(text)) {
            throw refusal(kind, FaultKey.REQUEST, text);
        }
        return text;
    }

    private static boolean before(FaultKind kind, @Nullable String text) {
        if (text == null || text.equals("after")) {
            return false;
        }
        if (!text.equals("before")) {
            throw refusal(kind, FaultKey.WHEN, text);
        }
        return true;
    }

    private static IllegalArgumentException refusal(FaultKind kind, FaultKey key, String text) {
        return key.refusal(kind, cut(text));
    }

    private static String quoted(String text) {
        return "'" + cut(text) + "'";
    }

    private static String cut(String text) {
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }
}
