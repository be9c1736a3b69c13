package io.ringfence.sim.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What one benchmark came to, round for round.
 *
 * @param rounds at least one figure, in the order of the rounds
 */
public record Series(List<Double> rounds) {

    /** With fewer rounds all of one run lie on one side of all of another too often by chance; with three, one time in ten. */
    private static final int FEWEST = 3;

    /**
     * Makes one.
     */
    public Series {
        rounds = List.copyOf(rounds);
    }

    double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least() {
        return sorted()[0];
    }

    double most() {
        return sorted()[rounds.size() - 1];
    }

    /** From the lowest to the highest, in parts of the median; NaN if there was one round only. */
    double spread() {
        double median = median();
        return rounds.size() == 1 ? Double.NaN : median == 0 ? 0 : (most() - least()) / median;
    }

    /** Whether each round of the one lies on the same side of each round of the other, and there are enough to tell. */
    boolean isApartFrom(Series other) {
        return Math.min(rounds.size(), other.rounds.size()) >= FEWEST
                && (most() < other.least() || least() > other.most());
    }

    private double[] sorted() {
        double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
