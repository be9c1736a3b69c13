package io.ringfence.sim.run;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.sim.Command;
import io.ringfence.sim.DeviceMemory;

/**
 * One matrix product as jobs: upload of the tiles, partial products on the computing queues, a reduction whose order is
 * fixed by dependencies, a checksum of each tile of the product. Everything across queues is a fence.
 */
final class TiledProduct {

    private final Tiling tiling;
    private final DeviceMemory memory;
    private final JobQueue<Command> upload;
    private final List<JobQueue<Command>> compute;
    private final JobQueue<Command> reduce;

    private final long[][] stagedA;
    private final long[][] stagedB;
    private final long[][] tilesA;
    private final long[][] tilesB;
    private final long[][] tilesC;
    /** Row, column, inner. */
    private final long[][][] partials;
    private final long[][] checksums;
    private final List<PointFence> fences = new ArrayList<>();

    TiledProduct(Tiling tiling, DeviceMemory memory, JobQueue<Command> upload, List<JobQueue<Command>> compute,
            JobQueue<Command> reduce) {
        this.tiling = tiling;
        this.memory = memory;
        this.upload = upload;
        this.compute = compute;
        this.reduce = reduce;
        stagedA = allocateTiles();
        stagedB = allocateTiles();
        tilesA = allocateTiles();
        tilesB = allocateTiles();
        tilesC = allocateTiles();
        int count = tiling.count();
        partials = new long[count][count][count];
        checksums = new long[count][count];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < count; column++) {
                checksums[row][column] = memory.allocate(Long.BYTES);
                for (int inner = 0; inner < count; inner++) {
                    partials[row][column][inner] = memory.allocate(bytes(row, column));
                }
            }
        }
    }

    private long[][] allocateTiles() {
        int count = tiling.count();
        long[][] addresses = new long[count][count];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < count; column++) {
                addresses[row][column] = memory.allocate(bytes(row, column));
            }
        }
        return addresses;
    }

    private long bytes(int row, int column) {
        return (long) tiling.elements(row, column) * Float.BYTES;
    }

    /** How many jobs one product takes. */
    static long jobs(int tiles) {
        long tilesOfProduct = (long) tiles * tiles;
        return 2 * tilesOfProduct + 2 * tilesOfProduct * tiles + tilesOfProduct * tiles + tilesOfProduct;
    }

    /**
     * Submits all jobs of one product. The caller waits for all of them before it calls this again.
     *
     * @return the fences of the jobs
     */
    List<PointFence> submit(float[] a, float[] b) throws InterruptedException {
        fences.clear();
        Fence[][] uploadedA = upload(a, stagedA, tilesA);
        Fence[][] uploadedB = upload(b, stagedB, tilesB);
        int count = tiling.count();
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < count; column++) {
                Fence[] products = new Fence[count];
                for (int inner = 0; inner < count; inner++) {
                    products[inner] = multiply(row, column, inner, uploadedA[row][inner], uploadedB[inner][column]);
                }
                reduce(row, column, products);
            }
        }
        return fences;
    }

    private Fence[][] upload(float[] matrix, long[][] staged, long[][] tiles) throws InterruptedException {
        int count = tiling.count();
        Fence[][] uploaded = new Fence[count][count];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < count; column++) {
                memory.writeFloats(staged[row][column], tiling.cut(matrix, row, column));
                uploaded[row][column] = keep(upload.submit(
                        Command.copy(staged[row][column], tiles[row][column], bytes(row, column))));
            }
        }
        return uploaded;
    }

    private Fence multiply(int row, int column, int inner, Fence a, Fence b) throws InterruptedException {
        JobQueue<Command> queue = compute.get((row * tiling.count() + column + inner) % compute.size());
        long target = partials[row][column][inner];
        keep(queue.submit(Command.fill(target, bytes(row, column), (byte) 0)));
        return keep(queue.submit(Command.multiplyAdd(tilesA[row][inner], tilesB[inner][column], target,
                tiling.extent(row), tiling.extent(column), tiling.extent(inner)), a, b));
    }

    private void reduce(int row, int column, Fence[] products) throws InterruptedException {
        long target = tilesC[row][column];
        Fence sum =
                keep(reduce.submit(Command.copy(partials[row][column][0], target, bytes(row, column)), products[0]));
        for (int inner = 1; inner < products.length; inner++) {
            sum = keep(reduce.submit(
                    Command.add(target, partials[row][column][inner], tiling.elements(row, column)), sum,
                    products[inner]));
        }
        keep(reduce.submit(Command.checksum(target, bytes(row, column), checksums[row][column]), sum));
    }

    private PointFence keep(PointFence fence) {
        fences.add(fence);
        return fence;
    }

    /** Compares the product on the device with the expected one, bit for bit, and the device's checksums with ours. */
    boolean matches(float[] expected) {
        for (int row = 0; row < tiling.count(); row++) {
            for (int column = 0; column < tiling.count(); column++) {
                float[] wanted = tiling.cut(expected, row, column);
                float[] got = memory.readFloats(tilesC[row][column], wanted.length);
                for (int i = 0; i < wanted.length; i++) {
                    if (Float.floatToRawIntBits(wanted[i]) != Float.floatToRawIntBits(got[i])) {
                        return false;
                    }
                }
                if (memory.readLong(checksums[row][column]) != Reference.checksum(wanted)) {
                    return false;
                }
            }
        }
        return true;
    }
}
