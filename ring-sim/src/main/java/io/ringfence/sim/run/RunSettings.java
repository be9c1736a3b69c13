package io.ringfence.sim.run;

/**
 * What the main job is to do.
 *
 * @param queues  queues that compute, besides one that uploads and one that reduces: 1 to 64
 * @param size    rows and columns of the matrices: 8 to 2048
 * @param tile    rows and columns of a tile: 4 to 256, at most {@code size}
 * @param repeat  how many products are computed, each of other matrices: 1 to 100000
 * @param credits jobs a queue may have on the device: 1 to 1024
 * @param seed    where the random matrices begin
 */
public record RunSettings(int queues, int size, int tile, int repeat, int credits, long seed) {

    /** Bytes of device memory that a run may need. */
    static final long MAX_ARENA_BYTES = 1L << 30;

    /** Checks every value. */
    public RunSettings {
        check("--queues", queues, 1, 64);
        check("--size", size, 8, 2048);
        check("--tile", tile, 4, Math.min(256, size));
        check("--repeat", repeat, 1, 100_000);
        check("--credits", credits, 1, 1024);
        long bytes = arenaBytes(size, tile);
        if (bytes > MAX_ARENA_BYTES) {
            throw new IllegalArgumentException("--tile " + tile + ": with --size " + size + " needs " + (bytes >> 20)
                    + " MiB of device memory, must be at most " + (MAX_ARENA_BYTES >> 20) + "; use a larger tile");
        }
    }

    private static void check(String option, int value, int lowest, int highest) {
        if (value < lowest || value > highest) {
            throw new IllegalArgumentException(option + " " + value + ": must be " + lowest + " to " + highest);
        }
    }

    /** Tiles along one side. */
    int tiles() {
        return (size + tile - 1) / tile;
    }

    long arenaBytes() {
        return arenaBytes(size, tile);
    }

    /** Staging and device copies of both matrices, the product, its partial products, and the slack of alignment. */
    private static long arenaBytes(int size, int tile) {
        long tiles = ((long) size + tile - 1) / tile;
        long matrix = (long) size * size * Float.BYTES;
        return matrix * (5 + tiles) + (tiles * tiles * (6 + tiles) + 16) * 64;
    }
}
