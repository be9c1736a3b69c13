package io.ringfence.figures.devices;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.openjdk.jmh.infra.BenchmarkParams;

/** What came of several ways that took turns, line by line: one figure of each, the last one ours. */
public final class Turns {

    private final List<double[]> lines = new ArrayList<>();

    /** Another line. */
    public void add(double... line) {
        lines.add(line.clone());
    }

    /** The median of one way. */
    public double median(int way) {
        return median(lines.stream().mapToDouble(line -> line[way]).toArray());
    }

    /** The median of how many times ours a way was, line by line. */
    public double ratio(int way) {
        return median(lines.stream().mapToDouble(line -> line[way] / line[line.length - 1]).toArray());
    }

    /**
     * What a benchmark gives to JMH, which adds it up: ours is the median of its figures, another as many times ours as in the median of the
     * lines, so that each is seen in the same state of the machine.
     */
    public double[] shares(BenchmarkParams params) {
        int ways = lines.getFirst().length;
        double[] shares = new double[ways];
        for (int way = 0; way < ways; way++) {
            shares[way] = median(ways - 1) * ratio(way) / Iterations.of(params);
        }
        return shares;
    }

    /** The middle one, or of an even number what is between both. */
    public static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
