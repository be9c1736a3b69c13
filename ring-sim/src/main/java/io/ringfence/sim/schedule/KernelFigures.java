package io.ringfence.sim.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the kernel's own scheduling tests measured: the KUnit suite {@code drm_sched_scheduler_*} of Linux 7.3.4, run natively under
 * User Mode Linux on 2 CPUs, once for each of its policies. In real time, so with a few per cent of noise.
 */
public final class KernelFigures {

    private static final String FILE = "kernel-figures.txt";
    /** The kernel's policies, by our names and in the order of the columns of the file. */
    private static final List<String> POLICIES = List.of("rr", "fifo", "fair");
    private static final int KEYS = 3;

    /**
     * One measurement.
     *
     * @param value   milliseconds, or cycles, or a ratio, as the case has it
     * @param average the average latency of a cycle in milliseconds; NaN for those that do not wait for each cycle
     * @param worst   the latency of the worst cycle
     */
    public record Figure(double value, double average, double worst) {

        /**
         * Whether there are latencies.
         *
         * @return true for clients that wait for each cycle
         */
        public boolean hasLatency() {
            return !Double.isNaN(average);
        }
    }

    private final Map<String, Figure> figures;

    private KernelFigures(Map<String, Figure> figures) {
        this.figures = figures;
    }

    /**
     * Reads them.
     *
     * @return all of them
     */
    public static KernelFigures read() {
        try (InputStream in = KernelFigures.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing beside " + KernelFigures.class.getName());
            }
            return new KernelFigures(parsed(new String(in.readAllBytes(), StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Figure> parsed(String text) {
        Map<String, Figure> all = new HashMap<>();
        for (String line : text.lines().filter(each -> !each.startsWith("#")).toList()) {
            String[] words = line.split(" +", -1);
            if (words.length != KEYS + POLICIES.size()) {
                throw new IllegalStateException(
                        FILE + ": " + line + ": must have " + (KEYS + POLICIES.size()) + " words");
            }
            for (int i = 0; i < POLICIES.size(); i++) {
                all.put(key(words[0], words[1], words[2], POLICIES.get(i)), figure(words[KEYS + i]));
            }
        }
        return all;
    }

    private static Figure figure(String word) {
        String[] numbers = word.split(",", -1);
        double value = Double.parseDouble(numbers[0]);
        return numbers.length == 1 ? new Figure(value, Double.NaN, Double.NaN)
                : new Figure(value, Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
    }

    private static String key(String which, String credits, String client, String policy) {
        return which + ' ' + credits + ' ' + client + ' ' + policy;
    }

    /**
     * What a client's run has come to.
     *
     * @param which   one of the cases with two clients
     * @param credits 1 or 2
     * @param client  0 or 1
     * @param policy  rr, fifo or fair
     * @return until its last job was finished, and its latencies
     */
    public Figure client(KernelCase which, int credits, int client, String policy) {
        return figure(which.name(), credits, String.valueOf(client), policy);
    }

    /**
     * How far many clients were apart.
     *
     * @param which  one of the cases with clients that are alike
     * @param policy rr, fifo or fair
     * @return by how many cycles the first was ahead of the last, on average
     */
    public double spread(KernelCase which, String policy) {
        return figure(which.name(), 2, "-", policy).value();
    }

    /**
     * How much longer a thousand jobs took than they should.
     *
     * @param which  one of the cases of overhead
     * @param policy rr, fifo or fair
     * @return 1 for not at all
     */
    public double overhead(OverheadCase which, String policy) {
        return figure(which.name(), 1, "-", policy).value();
    }

    private Figure figure(String which, int credits, String client, String policy) {
        Figure found = figures.get(key(which, String.valueOf(credits), client, policy));
        if (found == null) {
            throw new IllegalArgumentException("no figure of the kernel for " + which + " with " + credits
                    + " credits, client " + client + ", policy " + policy);
        }
        return found;
    }
}
