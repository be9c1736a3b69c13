package io.ringfence.sim.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What one benchmark came to, round for round.
 *
 * @param rounds at least one figure, in the order of the rounds
 */
public record Series(List<Double> rounds) {

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

    /** From the lowest to the highest, in parts of the median. */
    double spread() {
        double median = median();
        return median == 0 ? 0 : (most() - least()) / median;
    }

    /** Whether each round of the one lies on the same side of each round of the other. */
    boolean isApartFrom(Series other) {
        return most() < other.least() || least() > other.most();
    }

    private double[] sorted() {
        double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
