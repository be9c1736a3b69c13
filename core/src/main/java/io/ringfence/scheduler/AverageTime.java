package io.ringfence.scheduler;

/** How long jobs take, the last ones above all: the kernel's moving average of microseconds, 6 bits behind the point, a quarter for each new one. */
final class AverageTime {

    private static final int POINT = 6;
    private static final int WEIGHT = 2;

    /** 0 before the first. */
    private long scaled;

    void add(long nanos) {
        long value = nanos / 1_000 << POINT;
        scaled = scaled == 0 ? value : (scaled << WEIGHT) - scaled + value >> WEIGHT;
    }

    /** Whole microseconds, in nanoseconds; 0 before the first. */
    long nanos() {
        return (scaled >> POINT) * 1_000;
    }
}
