package io.ringfence.sim.bench;

import java.time.Duration;
import java.util.List;

/** How much a run takes on itself. Our code is larger than that of its peers, and takes some two seconds to be compiled. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes its lists
public enum Effort {

    /** Whether all benchmarks work; the figures mean nothing. */
    SMOKE(1, 1, unbounded(), List.of("-wi", "0", "-i", "1", "-r", "50ms"),
            List.of("-wi", "0", "-i", "1"), 0, 1, 1),
    /** Five minutes, with the programs around it. */
    QUICK(3, 1, Duration.ofSeconds(280), List.of("-wi", "3", "-w", "600ms", "-i", "5", "-r", "100ms"),
            List.of("-wi", "1", "-i", "3"), 1, 7, 5),
    /** Half an hour, with all peers. */
    FULL(5, 5, unbounded(), List.of("-wi", "5", "-w", "600ms", "-i", "5", "-r", "400ms"),
            List.of("-wi", "2", "-i", "3"), 1, 25, 5);

    /** Where all take turns in one process. */
    private static final String IN_TURN = "beside.";
    /** The same, of what takes seconds once; the first line is one of several, of which the median counts. */
    private static final String WAKE = "waiters.WakeInTurn.";
    private static final List<String> LIMIT = List.of("-wi", "1", "-w", "200ms", "-i", "3", "-r", "200ms");

    final int rounds;
    /** Of what takes seconds once. */
    final int heavyRounds;
    /** Rounds that would take longer are left out, but for the first. */
    final Duration bound;
    private final List<String> usual;
    private final List<String> heavy;
    private final List<String> inTurn;
    private final List<String> wake;

    Effort(int rounds, int heavyRounds, Duration bound, List<String> usual, List<String> heavy,
            int warmUps, int lines, int wakes) {
        this.rounds = rounds;
        this.heavyRounds = heavyRounds;
        this.bound = bound;
        this.usual = usual;
        this.heavy = heavy;
        inTurn = inTurn(warmUps, lines);
        wake = inTurn(0, wakes);
    }

    private static List<String> inTurn(int warmUps, int lines) {
        return List.of("-wi", String.valueOf(warmUps), "-i", "1", "-p", "lines=" + lines);
    }

    private static Duration unbounded() {
        return Duration.ofDays(365);
    }

    /** What JMH is told. */
    List<String> arguments(String benchmark, boolean takesSecondsOnce) {
        if (benchmark.startsWith("limits.") && this != SMOKE) {
            return LIMIT;
        }
        if (benchmark.startsWith(IN_TURN)) {
            return inTurn;
        }
        if (benchmark.startsWith(WAKE)) {
            return wake;
        }
        return takesSecondsOnce ? heavy : usual;
    }
}
