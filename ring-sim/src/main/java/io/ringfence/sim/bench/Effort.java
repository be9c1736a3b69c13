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
    QUICK(3, 1, Duration.ofSeconds(285), List.of("-wi", "3", "-w", "600ms", "-i", "5", "-r", "100ms"),
            List.of("-wi", "1", "-i", "3"), 4, 5, 3),
    /** Half an hour, with all peers. */
    FULL(5, 5, unbounded(), List.of("-wi", "5", "-w", "600ms", "-i", "5", "-r", "400ms"),
            List.of("-wi", "2", "-i", "3"), 4, 25, 5);

    /** Where all take turns in one process. */
    private static final String IN_TURN = "beside.";
    /** The same, of what takes seconds once. */
    private static final String WAKE = "waiters.WakeInTurn.";
    /**
     * They take longer to be compiled: three threads share two processors, or most of the first seconds goes into what is not measured; or
     * what allocates until it is compiled would count.
     */
    private static final List<String> SLOWLY_COMPILED = List.of("stream.TwoProducers.", "allocation.");
    private static final List<String> SLOWLY = List.of("-wi", "4", "-w", "600ms", "-i", "7", "-r", "100ms");
    /** The first jobs of ten thousand queues take as long as hundreds of thousands of later ones. */
    private static final String MANY = "many.";
    private static final List<String> MOST_SLOWLY = List.of("-wi", "10", "-w", "600ms", "-i", "7", "-r", "100ms");
    private static final List<String> LIMIT = List.of("-wi", "1", "-w", "200ms", "-i", "3", "-r", "200ms");

    final int rounds;
    /** Of what tells as much when it is asked less often. */
    final int roundsOfSome;
    /** Rounds that would take longer are left out, but for the first. */
    final Duration bound;
    private final List<String> usual;
    private final List<String> heavy;
    private final List<String> inTurn;
    private final List<String> wake;

    Effort(int rounds, int roundsOfSome, Duration bound, List<String> usual, List<String> heavy,
            int warmUps, int turns, int wakes) {
        this.rounds = rounds;
        this.roundsOfSome = roundsOfSome;
        this.bound = bound;
        this.usual = usual;
        this.heavy = heavy;
        inTurn = inTurn(warmUps, turns);
        wake = inTurn(0, wakes);
    }

    private static List<String> inTurn(int warmUps, int turns) {
        return List.of("-wi", "0", "-i", "1", "-p", "warmUps=" + warmUps, "-p", "turns=" + turns);
    }

    private static Duration unbounded() {
        return Duration.ofDays(365);
    }

    /** What JMH is told. */
    List<String> arguments(String benchmark, boolean takesSecondsOnce) {
        if (benchmark.startsWith("limits.") && this != SMOKE) {
            return LIMIT;
        }
        if (this == QUICK && SLOWLY_COMPILED.stream().anyMatch(benchmark::startsWith)) {
            return SLOWLY;
        }
        if (this == QUICK && benchmark.startsWith(MANY)) {
            return MOST_SLOWLY;
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
