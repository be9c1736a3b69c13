package io.ringfence.sim.workload;

import java.util.Arrays;

/** A growing sequence of longs without boxing. One thread's. */
public final class LongColumn {

    private long[] values = new long[64];
    private int size;

    /** Makes an empty column. */
    public LongColumn() {
    }

    /**
     * Appends a value.
     *
     * @param value the value
     */
    public void add(long value) {
        if (size == values.length) {
            // Half again, not double: at millions of rows the spare part of a doubled array is what costs.
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size] = value;
        size++;
    }

    /**
     * Replaces a value.
     *
     * @param index which, below {@link #size()}
     * @param value the value
     */
    public void set(int index, long value) {
        values[index] = value;
    }

    /**
     * Reads a value.
     *
     * @param index which, below {@link #size()}
     * @return the value
     */
    public long get(int index) {
        return values[index];
    }

    /**
     * How many values there are.
     *
     * @return 0 or more
     */
    public int size() {
        return size;
    }

    /**
     * The values in a new array.
     *
     * @return as many as there are
     */
    public long[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
