package io.ringfence.sim.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the benchmarks of one question came to, by name. */
final class Figures {

    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

    void add(String name, double figure) {
        rounds.computeIfAbsent(name, missing -> new ArrayList<>()).add(figure);
    }

    Map<String, Series> series() {
        Map<String, Series> all = new LinkedHashMap<>();
        rounds.forEach((name, figures) -> all.put(name, new Series(figures)));
        return all;
    }

    /** The median of the rounds; NaN if there are none. */
    double of(String name) {
        List<Double> figures = rounds.get(name);
        return figures == null ? Double.NaN : new Series(figures).median();
    }

    /** How many times the other a figure is: the median of the rounds that have both; NaN if there are none. */
    double ratio(String name, String other) {
        List<Double> figures = rounds.getOrDefault(name, List.of());
        List<Double> others = rounds.getOrDefault(other, List.of());
        int both = Math.min(figures.size(), others.size());
        return both == 0 ? Double.NaN
                : new Series(IntStream.range(0, both).mapToObj(i -> figures.get(i) / others.get(i)).toList()).median();
    }
}
