package io.ringfence.sim.kineto;

import java.util.Arrays;

/** A growing sequence of ints without boxing. */
final class IntColumn {

    private int[] values = new int[64];
    private int size;

    void add(int value) {
        if (size == values.length) {
            // Half again, not double: at millions of rows the spare part of a doubled array is what costs.
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size] = value;
        size++;
    }

    int get(int index) {
        return values[index];
    }
}
