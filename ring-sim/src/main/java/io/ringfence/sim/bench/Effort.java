package io.ringfence.sim.bench;

import java.util.List;

/** How much a run takes on itself. */
@SuppressWarnings("ImmutableEnumChecker") // nobody changes its lists
public enum Effort {

    /** Whether all benchmarks work; the figures mean nothing. */
    SMOKE(1, List.of("-wi", "0", "-i", "1", "-r", "50ms"), List.of("-wi", "0", "-i", "1")),
    /** Five minutes. */
    QUICK(3, List.of("-wi", "2", "-w", "200ms", "-i", "3", "-r", "200ms"), List.of("-wi", "1", "-i", "1")),
    /** Half an hour, with all peers. */
    FULL(5, List.of("-wi", "3", "-w", "500ms", "-i", "5", "-r", "500ms"), List.of("-wi", "1", "-i", "2"));

    final int rounds;
    private final List<String> usual;
    private final List<String> heavy;

    Effort(int rounds, List<String> usual, List<String> heavy) {
        this.rounds = rounds;
        this.usual = usual;
        this.heavy = heavy;
    }

    /** What JMH is told. */
    List<String> arguments(boolean takesSecondsOnce) {
        return takesSecondsOnce ? heavy : usual;
    }
}
