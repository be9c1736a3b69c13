package io.ringfence.sim.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * One result in a file that JMH has written.
 *
 * @param benchmark  the method, from the package of the figures on
 * @param parameters its parameters
 * @param threads    how many threads ran it
 * @param score      nanoseconds an operation, for each of the threads: the median of its iterations, one of which may have seen a
 *                   compilation or another state of the machine
 * @param secondary  what else was measured
 * @param histogram  nanoseconds and how often they were seen, ascending; empty unless it was sampled
 */
record Measured(String benchmark, Map<String, String> parameters, int threads, double score,
        Map<String, Double> secondary, List<double[]> histogram) {

    private static final String FIGURES = "io.ringfence.figures.";
    /** In the name of what a profiler tells of each iteration; what benchmarks count is a sum. */
    private static final String PROFILED = "gc.";

    /** Reads a file. */
    static List<Measured> read(Path file) throws IOException {
        if (!(JsonTree.read(file) instanceof List<?> results)) {
            throw new IOException(file + ": is no file of JMH");
        }
        List<Measured> all = new ArrayList<>();
        for (Object result : results) {
            all.add(of(file, result));
        }
        return all;
    }

    private static Measured of(Path file, @Nullable Object result) throws IOException {
        Map<String, @Nullable Object> primary = JsonTree.object(result, "primaryMetric");
        String unit = JsonTree.text(primary, "scoreUnit");
        double nanos = switch (unit) {
            case "ns/op" -> 1;
            case "us/op" -> 1e3;
            case "ms/op" -> 1e6;
            case "s/op" -> 1e9;
            default -> throw new IOException(file + ": has '" + unit + "' where a time an operation must be");
        };
        Map<String, String> parameters = new TreeMap<>();
        JsonTree.object(result, "params").forEach((name, value) -> parameters.put(name, String.valueOf(value)));
        Map<String, Double> secondary = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> each : JsonTree.object(result, "secondaryMetrics").entrySet()) {
            secondary.put(each.getKey(), each.getKey().contains(PROFILED) ? median(JsonTree.asObject(each.getValue()))
                    : JsonTree.number(each.getValue(), "score"));
        }
        String benchmark = JsonTree.text(result, "benchmark");
        return new Measured(benchmark.startsWith(FIGURES) ? benchmark.substring(FIGURES.length()) : benchmark,
                parameters, (int) JsonTree.number(result, "threads"), median(primary) * nanos, secondary,
                histogram(primary, nanos));
    }

    private static double median(Map<String, @Nullable Object> primary) {
        List<Double> iterations = new ArrayList<>();
        for (Object fork : JsonTree.list(primary, "rawData")) {
            for (Object iteration : fork instanceof List<?> all ? all : List.of()) {
                if (iteration instanceof Double score) {
                    iterations.add(score);
                }
            }
        }
        // What was sampled has a histogram instead.
        return iterations.isEmpty() ? JsonTree.number(primary, "score") : new Series(iterations).median();
    }

    private static List<double[]> histogram(Map<String, @Nullable Object> primary, double nanos) {
        TreeMap<Double, Double> counts = new TreeMap<>();
        for (Object fork : JsonTree.list(primary, "rawDataHistogram")) {
            for (Object iteration : fork instanceof List<?> iterations ? iterations : List.of()) {
                for (Object pair : iteration instanceof List<?> pairs ? pairs : List.of()) {
                    if (pair instanceof List<?> both && both.size() == 2 && both.get(0) instanceof Double value
                            && both.get(1) instanceof Double count) {
                        counts.merge(value * nanos, count, Double::sum);
                    }
                }
            }
        }
        return counts.entrySet().stream().map(entry -> new double[] {entry.getKey(), entry.getValue()}).toList();
    }

    /** How it is called in series: the method and what tells its parameters apart. */
    String name() {
        return parameters.isEmpty() ? benchmark : benchmark + parameters;
    }
}
