package io.ringfence.sim.kineto;

import java.util.Arrays;

/** A growing sequence of longs without boxing. */
final class LongColumn {

    private long[] values = new long[64];
    private int size;

    void add(long value) {
        if (size == values.length) {
            // Half again, not double: at millions of rows the spare part of a doubled array is what costs.
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size] = value;
        size++;
    }

    long get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }
}
