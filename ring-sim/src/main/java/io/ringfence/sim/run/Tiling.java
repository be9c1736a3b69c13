package io.ringfence.sim.run;

/** How a square matrix is cut into tiles; those at the right and lower edge may be smaller. */
record Tiling(int size, int tile) {

    int count() {
        return (size + tile - 1) / tile;
    }

    int extent(int index) {
        return Math.min(tile, size - index * tile);
    }

    int elements(int row, int column) {
        return extent(row) * extent(column);
    }

    /** Copies a tile out of a row-major matrix. */
    float[] cut(float[] matrix, int row, int column) {
        int rows = extent(row);
        int columns = extent(column);
        float[] cut = new float[rows * columns];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(matrix, (row * tile + r) * size + column * tile, cut, r * columns, columns);
        }
        return cut;
    }
}
