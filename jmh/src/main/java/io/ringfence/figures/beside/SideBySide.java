package io.ringfence.figures.beside;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

import io.ringfence.figures.dependencies.Chains;
import io.ringfence.figures.dependencies.FanIns;
import io.ringfence.figures.dependencies.Links;
import io.ringfence.figures.limits.CacheLines;
import io.ringfence.figures.limits.SlotStream;
import io.ringfence.figures.peers.Way;
import io.ringfence.figures.roundtrip.Trips;
import io.ringfence.figures.stream.Ways;

/**
 * Ways side by side in one process: each is run for a moment, one after the other, again and again, and each line that is printed has
 * one moment of each. For machines whose state changes within seconds, where rounds of a process each meet different ones. No benchmark
 * of JMH: {@code java -XX:+UseParallelGC -cp jmh/target/benchmarks.jar io.ringfence.figures.beside.SideBySide trip}, or {@code stream},
 * {@code batches}, {@code chain}, {@code fanin}; then how many lines there shall be, 20 unless it is said. The figures are nanoseconds a
 * job, or a link of a chain; of a fan-in, how many more they are with eight pending dependencies than with none.
 */
public final class SideBySide {

    private static final int LINES = 20;
    private static final int MOST_LINES = 10_000;
    private static final int BATCH = 64;
    private static final int TRIPS = 512;
    private static final int LINKS = 1024;
    private static final int FAN_INS = 64;
    private static final long MOMENT = 150_000_000;
    /** At the beginning of a moment, threads start and memory is touched for the first time. */
    private static final long BEFORE = 20_000_000;
    /** As long as the code of each is compiled, and what it was compiled from changes. */
    private static final long WARM_UP = 2_500_000_000L;

    /** What one of them does. */
    private interface Side {
        /** What comes before some jobs and is not measured. */
        default void prepare() throws InterruptedException {
        }

        /** Does some jobs; returns how many. */
        int some() throws InterruptedException;

        /** The nanoseconds that as many jobs take without that of which the cost is wanted. */
        default long without() {
            return 0;
        }

        void end() throws InterruptedException;
    }

    private record Peer(Way way, int jobs) implements Side {
        @Override
        public int some() throws InterruptedException {
            way.jobs(jobs);
            return jobs;
        }

        @Override
        public void end() throws InterruptedException {
            way.close();
        }
    }

    private record Linked(Links links) implements Side {
        @Override
        public void prepare() throws InterruptedException {
            links.prepare(LINKS);
        }

        @Override
        public int some() {
            long _ = links.run(LINKS);
            return LINKS;
        }

        @Override
        public void end() throws InterruptedException {
            links.close();
        }
    }

    private record Fanned(FanIns fanIns) implements Side {
        @Override
        public int some() {
            long _ = fanIns.pending(FAN_INS);
            return FAN_INS;
        }

        @Override
        public long without() {
            return fanIns.none(FAN_INS);
        }

        @Override
        public void end() {
            fanIns.close();
        }
    }

    private static final class Lines implements Side {
        private final CacheLines lines = new CacheLines();

        Lines() {
            lines.lines = 2;
            lines.open();
        }

        @Override
        public int some() {
            for (int i = 0; i < TRIPS; i++) {
                lines.thereAndBack();
            }
            return TRIPS;
        }

        @Override
        public void end() throws InterruptedException {
            lines.close();
        }
    }

    private static final class Slots implements Side {
        private final SlotStream slots = new SlotStream();

        Slots() {
            slots.open();
        }

        @Override
        public int some() {
            slots.slot();
            return SlotStream.SLOTS;
        }

        @Override
        public void end() throws InterruptedException {
            slots.close();
        }
    }

    private SideBySide() {
    }

    /** Prints so many lines of what is asked for. */
    public static void main(String[] args) throws InterruptedException {
        String question = args.length == 0 ? "" : args[0];
        int lines = args.length < 2 ? LINES : lines(args[1]);
        List<String> names = names(question);
        for (String name : names) {
            double _ = moment(question, name, WARM_UP);
        }
        System.out.println(String.join("\t", names));
        double[][] all = new double[names.size()][lines];
        for (int line = 0; line < lines; line++) {
            List<String> figures = new ArrayList<>();
            for (int side = 0; side < names.size(); side++) {
                all[side][line] = moment(question, names.get(side), MOMENT);
                figures.add("%.1f".formatted(all[side][line]));
            }
            System.out.println(String.join("\t", figures));
        }
        System.out.println(medians(names, all));
    }

    private static int lines(String text) {
        int lines;
        try {
            lines = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("lines '" + text + "': must be a number", e);
        }
        if (lines < 1 || lines > MOST_LINES) {
            throw new IllegalArgumentException("lines " + lines + ": must be 1 to " + MOST_LINES);
        }
        return lines;
    }

    private static List<String> names(String question) {
        return switch (question) {
            case "trip" -> List.of("lines", "bare", "disruptor", "point");
            case "stream" -> List.of("slots", "bare", "bareAhead", "disruptorMulti", "ringfence");
            case "batches" -> List.of("slots", "bare", "bareAhead", "disruptorMulti", "ringfence");
            case "chain" -> List.of("lines", "bare", "trip", "host", "device");
            case "fanin" -> List.of("bare", "futures", "queue");
            default -> throw new IllegalArgumentException(
                    "question '" + question + "': must be trip, stream, batches, chain or fanin");
        };
    }

    private static Side open(String question, String name) {
        return switch (name) {
            case "lines" -> new Lines();
            case "slots" -> new Slots();
            case "trip" -> new Peer(Trips.open("point"), TRIPS);
            default -> switch (question) {
                case "trip" -> new Peer(Trips.open(name), TRIPS);
                case "chain" -> new Linked(Chains.open(name));
                case "fanin" -> new Fanned(FanIns.open(name));
                case "stream" -> new Peer(Ways.open(name), Ways.JOBS);
                default -> new Peer(Ways.openBatches(name, BATCH), Ways.JOBS);
            };
        };
    }

    private static double moment(String question, String name, long nanos) throws InterruptedException {
        Side side = open(question, name);
        double _ = run(side, BEFORE);
        double figure = run(side, nanos);
        side.end();
        return figure;
    }

    /** The median of what some jobs took, each time: whoever loses his processor to another thread does so for several milliseconds. */
    private static double run(Side side, long nanos) throws InterruptedException {
        DoubleStream.Builder figures = DoubleStream.builder();
        long passed = 0;
        do {
            side.prepare();
            long start = System.nanoTime();
            int jobs = side.some();
            long took = System.nanoTime() - start;
            figures.add((double) (took - side.without()) / jobs);
            passed += took;
        } while (passed < nanos);
        return median(figures.build().toArray());
    }

    /** Of each, and how it stands to ours, line by line. */
    private static String medians(List<String> names, double[][] all) {
        double[] ours = all[names.size() - 1];
        StringBuilder text = new StringBuilder("medians:");
        for (int side = 0; side < names.size(); side++) {
            double[] ratios = new double[ours.length];
            for (int line = 0; line < ours.length; line++) {
                ratios[line] = all[side][line] / ours[line];
            }
            text.append(" %s %.1f (%.2f of ours)".formatted(names.get(side), median(all[side]), median(ratios)));
        }
        return text.toString();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
