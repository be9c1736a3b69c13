package io.ringfence.sim.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.Command;
import io.ringfence.sim.DeviceMemory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job, small; and a check of its check. */
@Timeout(180)
class MatrixRunTest {
    private static final int ROUND_TRIPS = 25_000;

    @ParameterizedTest
    @CsvSource({"32,8,2,3,64", "32,7,2,3,64", "8,8,1,1,1", "8,5,3,64,1024", "33,4,1,2,1"})
    void productsAreVerified(int size, int tile, int repeat, int queues, int credits) throws Exception {
        RunSettings settings = new RunSettings(queues, size, tile, repeat, credits, 42);
        AtomicLong last = new AtomicLong();
        try (DeviceSession session = new DeviceSession(MatrixRun.device(settings))) {
            MatrixRun run = new MatrixRun(settings, session);
            RunResult result = run.work(finished -> {
                assertThat(finished).isBetween(last.get(), run.plannedJobs());
                last.set(finished);
            });

            long tiles = settings.tiles();
            long planned = repeat * (3 * tiles * tiles + 3 * tiles * tiles * tiles);
            assertThat(result.verified()).isTrue();
            assertThat(result.failed()).isZero();
            assertThat(result.firstFailure()).isNull();
            assertThat(run.plannedJobs()).isEqualTo(planned);
            assertThat(result.workJobs()).isEqualTo(planned);
            assertThat(last).hasValue(planned);
            assertThat(result.jobs()).isEqualTo(planned + ROUND_TRIPS);
            assertThat(result.roundTrips().getTotalCount()).isEqualTo(20_000);
            assertThat(result.queues()).hasSize(queues + 2);
            assertThat(result.queues().stream().mapToLong(RunResult.QueueShare::jobs).sum()).isEqualTo(result.jobs());
        }
    }

    /** What the device holds after the work is what is compared: any word of it that matters may be the wrong one. */
    @ParameterizedTest
    @ValueSource(ints = {8, 7})
    void oneWrongBitOfTheProductOrAChecksumIsFound(int tile) throws Exception {
        Tiling tiling = new Tiling(32, tile);
        RunSettings settings = new RunSettings(2, 32, tile, 1, 64, 1);
        SplittableRandom random = new SplittableRandom(3);
        float[] a = random(random);
        float[] b = random(random);
        try (DeviceSession session = new DeviceSession(MatrixRun.device(settings))) {
            DeviceMemory memory = session.firmware().memory();
            JobQueue<Command> upload = session.open(QueueOptions.named("upload"));
            JobQueue<Command> compute = session.open(QueueOptions.named("compute"));
            JobQueue<Command> reduce = session.open(QueueOptions.named("reduce"));
            TiledProduct product = new TiledProduct(tiling, memory, upload, List.of(compute), reduce);
            for (PointFence fence : product.submit(a, b)) {
                assertThat(fence.await()).isEqualTo(Outcome.OK);
            }
            float[] expected = Reference.product(a, b, tiling);
            assertThat(product.matches(expected)).isTrue();
            int found = 0;
            for (int row = 0; row < tiling.count(); row++) {
                for (int column = 0; column < tiling.count(); column++) {
                    float[] wanted = tiling.cut(expected, row, column);
                    long at = find(memory, wanted);
                    long last = at + 4L * (wanted.length - 1) & -8;
                    for (long word : new long[] {at, last, find(memory, Reference.checksum(wanted))}) {
                        long right = memory.readLong(word);
                        memory.writeLong(word, right ^ 1);
                        assertThat(product.matches(expected)).as("tile %d, %d, word at %d", row, column, word)
                                .isFalse();
                        memory.writeLong(word, right);
                        assertThat(product.matches(expected)).isTrue();
                        found++;
                    }
                }
            }
            assertThat(found).isEqualTo(3 * tiling.count() * tiling.count());
            expected[32 * 32 - 1] = Math.nextUp(expected[32 * 32 - 1]);
            assertThat(product.matches(expected)).isFalse();
        }
    }

    private static float[] random(SplittableRandom random) {
        float[] values = new float[32 * 32];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static long find(DeviceMemory memory, float[] values) {
        for (long at = 0; at + 4L * values.length <= memory.size(); at += 64) {
            if (java.util.Arrays.equals(memory.readFloats(at, values.length), values)) {
                return at;
            }
        }
        throw new AssertionError("no such tile on the device");
    }

    private static long find(DeviceMemory memory, long value) {
        for (long at = 0; at + 8 <= memory.size(); at += 8) {
            if (memory.readLong(at) == value) {
                return at;
            }
        }
        throw new AssertionError("no such word on the device");
    }

    @Test
    void runWhoseMemoryIsTamperedWithIsNotVerified() throws Exception {
        RunSettings settings = new RunSettings(3, 32, 8, 2, 64, 1);
        try (DeviceSession session = new DeviceSession(MatrixRun.device(settings))) {
            MatrixRun run = new MatrixRun(settings, session);
            AtomicBoolean tampered = new AtomicBoolean();
            RunResult result = run.work(finished -> {
                // All jobs of the first product are done, and it was not compared yet.
                if (finished == run.plannedJobs() / 2 && !tampered.getAndSet(true)) {
                    DeviceMemory memory = session.firmware().memory();
                    for (long at = 0; at + 8 <= memory.size(); at += 8) {
                        memory.writeLong(at, memory.readLong(at) ^ 1);
                    }
                }
            });
            assertThat(tampered).isTrue();
            assertThat(result.verified()).isFalse();
            assertThat(result.failed()).isZero();
        }
    }

    @Test
    void runWhoseDeviceGoesIsNotVerifiedAndSaysWhy() throws Exception {
        RunSettings settings = new RunSettings(2, 32, 8, 50, 64, 1);
        try (DeviceSession session = new DeviceSession(MatrixRun.device(settings))) {
            RunResult result = new MatrixRun(settings, session).work(_ -> session.firmware().close());
            assertThat(result.verified()).isFalse();
            assertThat(result.failed()).isPositive();
            assertThat(result.firstFailure()).isNotNull();
            assertThat(result.firstFailure().root()).isInstanceOf(Failure.DeviceLost.class);
            assertThat(result.queues().stream().mapToLong(RunResult.QueueShare::failed).sum())
                    .isEqualTo(result.failed());
        }
    }

    @Test
    void referenceAddsInTheOrderOfTheTiles() {
        SplittableRandom random = new SplittableRandom(8);
        float[] a = random(random);
        float[] b = random(random);
        float[] byEights = Reference.product(a, b, new Tiling(32, 8));
        assertThat(byEights).isNotEqualTo(Reference.product(a, b, new Tiling(32, 32)));
        for (int i = 0; i < byEights.length; i++) {
            double exact = 0;
            for (int k = 0; k < 32; k++) {
                exact += (double) a[i / 32 * 32 + k] * b[k * 32 + i % 32];
            }
            assertThat((double) byEights[i]).isCloseTo(exact, org.assertj.core.data.Offset.offset(1e-4));
        }
    }
}
