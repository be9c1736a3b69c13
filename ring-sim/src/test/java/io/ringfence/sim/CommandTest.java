package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import io.ringfence.queue.JobQueue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each command does to the arena, through a queue. */
class CommandTest extends DeviceTestBase {
    private SimulatedFirmware device;
    private DeviceMemory memory;
    private JobQueue<Command> queue;

    @BeforeEach
    void openQueue() {
        device = device(FirmwareOptions.defaults().withArenaBytes(1 << 20));
        memory = device.memory();
        queue = open(device, "commands");
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "0,0,1", "3,5,1", "1,0,77", "0,7,64", "13,21,1000", "64,128,4096"})
    void copyMovesExactlyTheBytesNamed(int fromOffset, int toOffset, int length) throws Exception {
        long source = memory.allocate(8192) + fromOffset;
        long area = memory.allocate(8192);
        byte[] around = random(8192, 1);
        byte[] moved = random(length, 2);
        write(memory, area, around);
        write(memory, source, moved);

        assertOk(queue.submit(Command.copy(source, area + toOffset, length)));

        System.arraycopy(moved, 0, around, toOffset, length);
        assertThat(bytes(memory, area, 8192)).isEqualTo(around);
        assertThat(bytes(memory, source, length)).isEqualTo(moved);
    }

    @ParameterizedTest
    @CsvSource({"0,0,1", "1,1,-1", "5,3,127", "7,1000,-128", "0,4096,0"})
    void fillWritesExactlyTheBytesNamed(int offset, int length, byte value) throws Exception {
        long area = memory.allocate(8192);
        byte[] expected = random(8192, 3);
        write(memory, area, expected);

        assertOk(queue.submit(Command.fill(area + offset, length, value)));

        for (int i = offset; i < offset + length; i++) {
            expected[i] = value;
        }
        assertThat(bytes(memory, area, 8192)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 1000})
    void addRoundsEachSumOnce(int count) throws Exception {
        float[] target = floats(count, 4);
        float[] source = floats(count, 5);
        long targetAt = memory.allocate(4096 + 8) + 4;
        long sourceAt = memory.allocate(4096);
        memory.writeFloats(targetAt, target);
        memory.writeFloats(sourceAt, source);

        assertOk(queue.submit(Command.add(targetAt, sourceAt, count)));

        for (int i = 0; i < count; i++) {
            target[i] = target[i] + source[i];
        }
        assertBits(memory.readFloats(targetAt, count), target);
        assertBits(memory.readFloats(sourceAt, count), source);
    }

    @Test
    void addToItselfDoubles() throws Exception {
        long at = memory.allocate(64);
        memory.writeFloats(at, new float[] {1, -0.1f, Float.MAX_VALUE, Float.MIN_VALUE, -0f});
        assertOk(queue.submit(Command.add(at, at, 5)));
        assertBits(memory.readFloats(at, 5),
                new float[] {2, -0.2f, Float.POSITIVE_INFINITY, 2 * Float.MIN_VALUE, -0f});
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "1,1,17", "1,17,1", "17,1,1", "3,5,7", "7,5,3", "8,8,8", "13,64,31", "1,2000,2"})
    void multiplyAddAddsProductsInOrderWithoutFusing(int rows, int columns, int depth) throws Exception {
        float[] a = floats(rows * depth, 6);
        float[] b = floats(depth * columns, 7);
        float[] c = floats(rows * columns, 8);
        long aAt = memory.allocate(4L * a.length);
        long bAt = memory.allocate(4L * b.length + 4) + 4;
        long cAt = memory.allocate(4L * c.length);
        memory.writeFloats(aAt, a);
        memory.writeFloats(bAt, b);
        memory.writeFloats(cAt, c);

        assertOk(queue.submit(Command.multiplyAdd(aAt, bAt, cAt, rows, columns, depth)));

        float[] expected = c.clone();
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                for (int k = 0; k < depth; k++) {
                    float product = a[row * depth + k] * b[k * columns + column];
                    expected[row * columns + column] = expected[row * columns + column] + product;
                }
            }
        }
        assertBits(memory.readFloats(cAt, c.length), expected);
        assertBits(memory.readFloats(aAt, a.length), a);
        assertBits(memory.readFloats(bAt, b.length), b);
    }

    @Test
    void multiplyAddIsNeitherFusedNorReordered() throws Exception {
        float x = 1 + 0x1p-12f;
        float[] a = {x, 1e8f, 1, -1e8f};
        float[] b = {x, 1, 1, 1};
        float start = -(x * x);
        float fused = Math.fma(x, x, start);
        assertThat(fused).as("what a fused one would begin with").isNotZero();
        float expected = start;
        float backwards = start;
        for (int k = 0; k < 4; k++) {
            expected += a[k] * b[k];
            backwards += a[3 - k] * b[3 - k];
        }
        assertThat(expected).isNotEqualTo(backwards);
        long at = memory.allocate(256);
        memory.writeFloats(at, a);
        memory.writeFloats(at + 64, b);
        memory.writeFloats(at + 128, new float[] {start, start});

        assertOk(queue.submit(Command.multiplyAdd(at, at + 64, at + 128, 1, 1, 1)));
        assertOk(queue.submit(Command.multiplyAdd(at, at + 64, at + 132, 1, 1, 4)));

        assertBits(memory.readFloats(at + 128, 2), new float[] {0f, expected});
    }

    @ParameterizedTest
    @CsvSource({"rows,0,1,1", "rows,65536,1,1", "columns,1,-1,1", "columns,1,65536,1", "depth,1,1,0",
        "depth,1,1,100000"})
    void multiplyAddRefusesDimensionsByNameAndRange(String name, int rows, int columns, int depth) {
        assertThatThrownBy(() -> Command.multiplyAdd(0, 0, 0, rows, columns, depth))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(name)
                .hasMessageContaining("1 to 65535");
    }

    @ParameterizedTest
    @CsvSource({"'',cbf29ce484222325", "a,af63dc4c8601ec8c", "foobar,85944171f73967e8"})
    void checksumIsFnv1a(String text, String hash) throws Exception {
        long at = memory.allocate(64) + 3;
        long result = memory.allocate(8);
        write(memory, at, text.getBytes(StandardCharsets.US_ASCII));
        assertOk(queue.submit(Command.checksum(at, text.length(), result)));
        assertThat(memory.readLong(result)).isEqualTo(Long.parseUnsignedLong(hash, 16));
    }

    @Test
    void checksumOfAllBytesMatchesAnotherImplementation() throws Exception {
        byte[] values = random(3001, 9);
        long at = memory.allocate(4096) + 1;
        long result = memory.allocate(8);
        write(memory, at, values);
        assertOk(queue.submit(Command.checksum(at, values.length, result)));
        long hash = 0xcbf29ce484222325L;
        for (byte value : values) {
            hash ^= Byte.toUnsignedLong(value);
            hash = hash + (hash << 1) + (hash << 4) + (hash << 5) + (hash << 7) + (hash << 8) + (hash << 40);
        }
        assertThat(memory.readLong(result)).isEqualTo(hash);
    }

    @Test
    void delayWritesWhenItBeganAndEnded() throws Exception {
        long at = memory.allocate(32);
        queue.submit(Command.delay(3_000_000, at));
        assertOk(queue.submit(Command.delay(0, at + 16)));
        long after = System.nanoTime();

        assertThat(memory.readLong(at + 8) - memory.readLong(at)).isEqualTo(3_000_000);
        assertThat(memory.readLong(at + 24)).isEqualTo(memory.readLong(at + 16));
        assertThat(memory.readLong(at + 16) - memory.readLong(at + 8)).as("the second after the first").isNotNegative();
        assertThat(after - memory.readLong(at + 24)).as("seen after the end").isNotNegative();
    }

    @Test
    void delayWithoutTimestampsWritesNothing() throws Exception {
        byte[] before = bytes(memory, 0, 4096);
        assertOk(queue.submit(Command.delay(1000)));
        assertThat(bytes(memory, 0, 4096)).isEqualTo(before);
    }

    @Test
    void delayKeepsNoOtherRingFromRunning() throws Exception {
        JobQueue<Command> other = open(device, "other");
        var delayed = queue.submit(Command.delay(3_600_000_000_000L));
        for (int i = 0; i < 1000; i++) {
            assertOk(other.submit(Command.nop()));
        }
        assertThat(delayed.isDone()).isFalse();
        device.close();
        failureOf(delayed);
    }

    /** A delay begins after it was submitted, even if the firmware was busy with another ring at that time. */
    @Test
    void delayBeginsAfterItsSubmissionWhileAnotherRingIsBusy() throws Exception {
        SimulatedFirmware busy = device(FirmwareOptions.defaults().withArenaBytes(128L << 20));
        JobQueue<Command> worker = open(busy, "worker");
        JobQueue<Command> other = open(busy, "other");
        long at = busy.memory().allocate(64);
        var started = worker.submit(Command.stamp(at, 1));
        var sum = worker.submit(Command.checksum(64, (128L << 20) - 64, at + 8));
        assertOk(started);
        long submitted = System.nanoTime();
        assertOk(other.submit(Command.delay(1_000_000, at + 16)));
        assertOk(sum);
        assertThat(busy.memory().readLong(at + 16) - submitted).as("nanoseconds from submission to begin")
                .isNotNegative();
    }

    @Test
    void stampWritesItsWordOnly() throws Exception {
        long at = memory.allocate(64);
        assertOk(queue.submit(Command.stamp(at + 8, 0x8123456789abcdefL)));
        assertThat(memory.readLong(at)).isZero();
        assertThat(memory.readLong(at + 8)).isEqualTo(0x8123456789abcdefL);
        assertThat(memory.readLong(at + 16)).isZero();
        assertOk(queue.submit(Command.stamp(memory.size() - 8, -1)));
        assertThat(memory.readLong(memory.size() - 8)).isEqualTo(-1);
    }

    @Test
    void nopTouchesNothing() throws Exception {
        byte[] before = random(4096, 10);
        write(memory, 0, before);
        for (int i = 0; i < 3000; i++) {
            assertOk(queue.submit(Command.nop()));
        }
        assertThat(bytes(memory, 0, 4096)).isEqualTo(before);
        assertThat(queue.timeline().signaled()).isEqualTo(3000);
    }

    @Test
    void commandsOfOneQueueRunInTheirOrder() throws Exception {
        long at = memory.allocate(4096);
        for (int i = 1; i <= 100; i++) {
            queue.submit(Command.stamp(at, i));
            queue.submit(Command.copy(at, at + 8L * i, 8));
        }
        assertOk(queue.submit(Command.nop()));
        for (int i = 1; i <= 100; i++) {
            assertThat(memory.readLong(at + 8L * i)).isEqualTo(i);
        }
    }

    private static byte[] random(int length, long seed) {
        byte[] values = new byte[length];
        new Random(seed).nextBytes(values);
        return values;
    }

    /** Of very different size, so that the order of additions shows. */
    private static float[] floats(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Math.scalb(random.nextFloat() - 0.5f, random.nextInt(24) - 12);
        }
        return values;
    }

    private static void assertBits(float[] got, float[] expected) {
        assertThat(got).hasSameSizeAs(expected);
        for (int i = 0; i < got.length; i++) {
            assertThat(Float.floatToRawIntBits(got[i])).as("element %d: %s and %s", i, got[i], expected[i])
                    .isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
    }
}
