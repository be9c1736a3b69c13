package io.ringfence.sim.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

import io.ringfence.scheduler.Priority;
import io.ringfence.sim.text.DurationText;

import org.jspecify.annotations.Nullable;

/**
 * A client of a {@link SharedDevice}: it submits some jobs, rests, and begins anew, as long as not too much of it is unfinished. Written as
 * {@code NAME:PRIORITY:KEY=VALUE,...}, such as {@code game:normal:jobs=3,each=6ms,rest=6ms}.
 *
 * @param name      what it is called
 * @param priority  how urgent its jobs are
 * @param jobs      how many jobs a cycle has
 * @param eachNanos how long a job takes, about
 * @param restNanos how long it rests after a cycle: when that is finished, or submitted if it may run ahead
 * @param ahead     how many cycles may be unfinished
 * @param after     the client whose last job each cycle has to come after, or null
 */
public record ClientSpec(String name, Priority priority, int jobs, long eachNanos, long restNanos, int ahead,
        @Nullable String after) {

    /** How many clients there can be: each is a letter in the picture. */
    public static final int MOST_CLIENTS = 26;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,11}");
    private static final int MOST = 64;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long SHORTEST = 10 * MICRO;
    private static final long LONGEST_REST = 10 * SECOND;
    private static final int CUT = 60;

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if something is out of range
     */
    public ClientSpec {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("client name '" + cut(name)
                    + "': must be a letter and up to 11 more letters, digits, '-' or '_'");
        }
        String whose = "client '" + name + "': ";
        requireWithin(whose + "jobs " + jobs, jobs, 1, MOST, "1 to 64");
        requireWithin(whose + "each " + eachNanos + "ns", eachNanos, SHORTEST, SECOND, "10us to 1s");
        requireWithin(whose + "rest " + restNanos + "ns", restNanos, 0, LONGEST_REST, "0s to 10s");
        requireWithin(whose + "ahead " + ahead, ahead, 1, MOST, "1 to 64");
    }

    private static void requireWithin(String what, long value, long least, long most, String range) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + ": must be " + range);
        }
    }

    /**
     * What is run when nobody says otherwise: two that wait for each frame, one that works on the frames of one of them, one that floods the
     * device, and one that does so when nobody else wants it.
     *
     * @return five clients that want more than there is
     */
    public static List<ClientSpec> usual() {
        return List.of(new ClientSpec("desktop", Priority.HIGH, 1, 4 * MILLI, 12 * MILLI, 1, null),
                new ClientSpec("game", Priority.NORMAL, 3, 4 * MILLI, 4 * MILLI, 1, null),
                new ClientSpec("encoder", Priority.LOW, 1, 4 * MILLI, 28 * MILLI, 1, "game"),
                new ClientSpec("training", Priority.NORMAL, 1, 8 * MILLI, 0, 8, null),
                new ClientSpec("backup", Priority.LOW, 1, 8 * MILLI, 0, 8, null));
    }

    /**
     * Reads clients.
     *
     * @param texts one for each
     * @return the clients, in order
     * @throws IllegalArgumentException if one is not written well, there are too many, two have one name, or one comes after nobody
     */
    public static List<ClientSpec> parse(List<String> texts) {
        List<ClientSpec> clients = texts.stream().map(ClientSpec::parse).toList();
        requireTogether(clients);
        return clients;
    }

    static void requireTogether(List<ClientSpec> clients) {
        requireWithin(clients.size() + " clients", clients.size(), 1, MOST_CLIENTS, "1 to " + MOST_CLIENTS);
        Set<String> names = new HashSet<>();
        for (ClientSpec client : clients) {
            if (!names.add(client.name)) {
                throw new IllegalArgumentException("client '" + client.name + "': must be there once");
            }
        }
        for (ClientSpec client : clients) {
            if (client.after != null && (client.after.equals(client.name) || !names.contains(client.after))) {
                throw new IllegalArgumentException("client '" + client.name + "': after '" + cut(client.after)
                        + "': must be the name of another client");
            }
        }
    }

    /**
     * Reads one client.
     *
     * @param text as it is written
     * @return the client
     * @throws IllegalArgumentException if it is not written well
     */
    public static ClientSpec parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException(
                    "client '" + cut(text) + "': must be NAME:PRIORITY or NAME:PRIORITY:KEY=VALUE,KEY=VALUE");
        }
        Reader reader = new Reader(parts[0]);
        Priority priority = reader.priority(parts[1]);
        if (parts.length == 3) {
            for (String pair : parts[2].split(",", -1)) {
                reader.take(pair);
            }
        }
        return new ClientSpec(parts[0], priority, reader.jobs, reader.each, reader.rest, reader.ahead, reader.after);
    }

    private static String cut(String text) {
        return text.length() <= CUT ? text : text.substring(0, CUT) + "...";
    }

    /** What a client is told to be, key by key. */
    private static final class Reader {
        private final String whose;
        private final List<String> seen = new ArrayList<>();
        private int jobs = 1;
        private long each = 4 * MILLI;
        private long rest;
        private int ahead = 1;
        private @Nullable String after;

        Reader(String name) {
            whose = "client '" + cut(name) + "': ";
        }

        Priority priority(String text) {
            return Arrays.stream(Priority.values()).filter(each -> each.name().equalsIgnoreCase(text)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(whose + "priority '" + cut(text)
                            + "': must be kernel, high, normal or low"));
        }

        void take(String pair) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            switch (key.toLowerCase(Locale.ROOT)) {
                case "jobs" -> jobs = count(key, value);
                case "each" -> each = nanos(key, value, "10us to 1s");
                case "rest" -> rest = nanos(key, value, "0s to 10s");
                case "ahead" -> ahead = count(key, value);
                case "after" -> after = value;
                default -> throw new IllegalArgumentException(
                        whose + "'" + cut(pair)
                                + "': must be one of jobs=N, each=TIME, rest=TIME, ahead=N, after=NAME");
            }
            if (seen.contains(key)) {
                throw new IllegalArgumentException(whose + key + ": must be there once");
            }
            seen.add(key);
        }

        private int count(String key, String value) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw refusal(key, value, "1 to 64");
            }
        }

        private long nanos(String key, String value, String range) {
            OptionalLong nanos = DurationText.nanos(value);
            if (nanos.isEmpty()) {
                throw refusal(key, value, range + ", with the unit us, ms or s");
            }
            return nanos.getAsLong();
        }

        private IllegalArgumentException refusal(String key, String value, String range) {
            return new IllegalArgumentException(whose + key + " '" + cut(value) + "': must be " + range);
        }
    }
}
