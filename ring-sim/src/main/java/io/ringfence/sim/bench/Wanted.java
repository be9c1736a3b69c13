package io.ringfence.sim.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A figure that a question needs, and where in JMH's results it stands.
 *
 * @param name       what it is called here and in files
 * @param benchmark  the method
 * @param parameters those that tell it from others
 * @param figure     takes it out of a result
 */
record Wanted(String name, String benchmark, Map<String, String> parameters, ToDoubleFunction<Measured> figure) {

    /** Nanoseconds an operation, whoever of the threads did it. */
    static Wanted time(String name, String benchmark, String... parameters) {
        return new Wanted(name, benchmark, pairs(parameters), result -> result.score() / result.threads());
    }

    /** Something else that the benchmark counts. */
    static Wanted counted(String name, String metric, String benchmark, String... parameters) {
        return new Wanted(name, benchmark, pairs(parameters), result -> result.secondary().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(metric)).mapToDouble(Map.Entry::getValue).findFirst()
                .orElse(Double.NaN));
    }

    private static Map<String, String> pairs(String... parameters) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            pairs.put(parameters[i], parameters[i + 1]);
        }
        return pairs;
    }

    boolean isIn(Measured result) {
        return result.benchmark().equals(benchmark)
                && result.parameters().entrySet().containsAll(parameters.entrySet());
    }
}
