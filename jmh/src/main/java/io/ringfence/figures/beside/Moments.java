package io.ringfence.figures.beside;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

import io.ringfence.figures.devices.Turns;

/**
 * Sides of one question, each run for a moment, one after the other, again and again: all meet the same state of a machine whose state
 * changes within seconds.
 */
final class Moments {

    /** At the beginning of a moment, threads start and memory is touched for the first time. */
    private static final long BEFORE = TimeUnit.MILLISECONDS.toNanos(20);

    private final String question;
    private final List<String> names;

    Moments(String question, List<String> names) {
        this.question = question;
        this.names = names;
    }

    /** Nanoseconds a job of each, one moment of so many nanoseconds after the other. */
    double[] line(long nanos) throws InterruptedException {
        double[] line = new double[names.size()];
        for (int side = 0; side < line.length; side++) {
            line[side] = moment(names.get(side), nanos);
        }
        return line;
    }

    private double moment(String name, long nanos) throws InterruptedException {
        Side side = Sides.open(question, name);
        double _ = run(side, BEFORE);
        double figure = run(side, nanos);
        side.end();
        return figure;
    }

    /**
     * The median of what some jobs took, each time: whoever loses his processor to another thread does so for several milliseconds. What comes
     * before jobs is a part of the moment, for it may take longer than they do.
     */
    private static double run(Side side, long nanos) throws InterruptedException {
        DoubleStream.Builder figures = DoubleStream.builder();
        long begun = System.nanoTime();
        do {
            side.prepare();
            long start = System.nanoTime();
            int jobs = side.some();
            long took = System.nanoTime() - start;
            figures.add((double) (took - side.without()) / jobs);
        } while (System.nanoTime() - begun < nanos);
        return Turns.median(figures.build().toArray());
    }
}
