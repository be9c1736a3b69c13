package io.ringfence.sim.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The product in plain Java, with the same additions in the same order as the jobs make them: inside a block of the
 * inner dimension one product after the other, then block after block. So the comparison is bit for bit.
 */
final class Reference {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private Reference() {
    }

    static float[] product(float[] a, float[] b, Tiling tiling) {
        int size = tiling.size();
        float[] c = new float[size * size];
        float[] block = new float[size];
        for (int row = 0; row < size; row++) {
            for (int inner = 0; inner < tiling.count(); inner++) {
                Arrays.fill(block, 0f);
                int first = inner * tiling.tile();
                for (int k = first; k < first + tiling.extent(inner); k++) {
                    float factor = a[row * size + k];
                    for (int column = 0; column < size; column++) {
                        float product = factor * b[k * size + column];
                        block[column] += product;
                    }
                }
                for (int column = 0; column < size; column++) {
                    int at = row * size + column;
                    c[at] = inner == 0 ? block[column] : c[at] + block[column];
                }
            }
        }
        return c;
    }

    /** The 64-bit FNV-1a hash of floats as little-endian bytes. */
    static long checksum(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        long hash = FNV_OFFSET;
        while (bytes.hasRemaining()) {
            hash = (hash ^ bytes.get() & 0xff) * FNV_PRIME;
        }
        return hash;
    }
}
