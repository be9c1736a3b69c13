package io.ringfence.sim.workload;

/** Sorts row numbers by what the rows hold, without boxing them; equal rows keep their order. */
public final class IndexSort {

    private IndexSort() {}

    /** Compares two rows. */
    @FunctionalInterface
    public interface RowOrder {

        /**
         * Which of two rows goes first.
         *
         * @param first a row
         * @param second another
         * @return a negative, zero or positive number as the first row goes before, with or after the second
         */
        int compare(int first, int second);
    }

    /**
     * Sorts row numbers.
     *
     * @param rows how many rows there are
     * @param order the order
     * @return 0 to {@code rows - 1} in the given order
     */
    public static int[] sort(int rows, RowOrder order) {
        int[] from = new int[rows];
        for (int row = 0; row < rows; row++) {
            from[row] = row;
        }
        int[] to = new int[rows];
        for (long width = 1; width < rows; width *= 2) {
            for (long start = 0; start < rows; start += 2 * width) {
                int middle = (int) Math.min(start + width, rows);
                int end = (int) Math.min(start + 2 * width, rows);
                merge(from, to, (int) start, middle, end, order);
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        return from;
    }

    private static void merge(int[] from, int[] to, int start, int middle, int end, RowOrder order) {
        // A profiler writes nearly in order, so most pairs of runs only need copying.
        if (middle == end || order.compare(from[middle - 1], from[middle]) <= 0) {
            System.arraycopy(from, start, to, start, end - start);
            return;
        }
        int left = start;
        int right = middle;
        for (int next = start; next < end; next++) {
            boolean takeLeft = right == end || (left < middle && order.compare(from[left], from[right]) <= 0);
            to[next] = takeLeft ? from[left] : from[right];
            if (takeLeft) {
                left++;
            } else {
                right++;
            }
        }
    }
}
