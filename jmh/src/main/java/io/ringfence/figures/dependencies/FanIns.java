package io.ringfence.figures.dependencies;

/** A way to have a job wait for eight things. One thread. */
public interface FanIns extends AutoCloseable {

    /** How many things a job depends on. */
    int MEMBERS = 8;

    /** Eight things are made; a job that names them is given; they happen, and it is run. Returns the job. */
    Object pending();

    /** Eight things are made and happen; a job that names none is given and run. Returns the job. */
    Object none();

    /** The nanoseconds that so many jobs take that wait. */
    default long pending(int jobs) {
        long start = System.nanoTime();
        for (int i = 0; i < jobs; i++) {
            Object _ = pending();
        }
        return System.nanoTime() - start;
    }

    /** The nanoseconds that so many jobs take that wait for nothing. */
    default long none(int jobs) {
        long start = System.nanoTime();
        for (int i = 0; i < jobs; i++) {
            Object _ = none();
        }
        return System.nanoTime() - start;
    }

    @Override
    void close();

    /** Opens {@code queue}, {@code futures} or {@code bare}. */
    static FanIns open(String name) {
        return switch (name) {
            case "queue" -> new QueueFanIns();
            case "futures" -> new FutureFanIns();
            case "bare" -> new BareFanIns();
            default -> throw new IllegalArgumentException("way '" + name + "': must be queue, futures or bare");
        };
    }
}
