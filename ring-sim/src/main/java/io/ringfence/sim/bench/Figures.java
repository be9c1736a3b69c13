package io.ringfence.sim.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
}
