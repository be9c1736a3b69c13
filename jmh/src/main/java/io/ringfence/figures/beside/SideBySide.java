package io.ringfence.figures.beside;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.ringfence.figures.devices.Turns;

/**
 * Ways side by side in one process: each is run for a moment, one after the other, again and again, and each line that is printed has
 * one moment of each. For machines whose state changes within seconds, where rounds of a process each meet different ones. No benchmark
 * of JMH, as {@link InTurn} is, with more to be seen: {@code java -XX:+UseParallelGC -cp jmh/target/benchmarks.jar
 * io.ringfence.figures.beside.SideBySide trip}, or {@code stream}, {@code batches}, {@code chain}, {@code decision}, {@code fanin}; then how many lines there
 * shall be, 20 unless it is said. The figures are nanoseconds a job, or a link of a chain; of a fan-in, how many more they are with eight
 * pending dependencies than with none.
 */
public final class SideBySide {

    private static final int LINES = 20;
    private static final int MOST_LINES = 10_000;
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(150);
    /** As long as the code of each is compiled, and what it was compiled from changes. */
    private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(2500);

    private SideBySide() {
    }

    /** Prints so many lines of what is asked for. */
    public static void main(String[] args) throws InterruptedException {
        String question = args.length == 0 ? "" : args[0];
        int count = args.length < 2 ? LINES : lines(args[1]);
        List<String> names = names(question);
        Moments moments = new Moments(question, names);
        double[] _ = moments.line(WARM_UP);
        System.out.println(String.join("\t", names));
        Turns turns = new Turns();
        for (int i = 0; i < count; i++) {
            double[] line = moments.line(MOMENT);
            turns.add(line);
            System.out.println(Arrays.stream(line).mapToObj("%.1f"::formatted).collect(Collectors.joining("\t")));
        }
        System.out.println(medians(names, turns));
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
            case "trip" -> List.of("operations", "lines", "bare", "disruptor", "point");
            case "stream", "batches" -> List.of("slots", "bare", "bareAhead", "disruptorMulti", "ringfence");
            case "chain" -> List.of("operations", "lines", "bare", "trip", "host", "device");
            case "decision" -> List.of("executor", "10", "10000", "1000");
            case "fanin" -> List.of("operations", "bare", "futures", "queue");
            default -> throw new IllegalArgumentException(
                    "question '" + question + "': must be trip, stream, batches, chain, decision or fanin");
        };
    }

    /** Of each, and how it stands to ours, line by line. */
    private static String medians(List<String> names, Turns turns) {
        StringBuilder text = new StringBuilder("medians:");
        for (int side = 0; side < names.size(); side++) {
            text.append(" %s %.1f (%.2f of ours)".formatted(names.get(side), turns.median(side),
                    turns.ratio(side)));
        }
        return text.toString();
    }
}
