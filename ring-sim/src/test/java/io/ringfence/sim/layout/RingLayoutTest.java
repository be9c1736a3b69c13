package io.ringfence.sim.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts follow each other, a header that cannot be is refused, words come back as they went in. */
class RingLayoutTest {

    @Test
    void wordsOfDifferentWritersLieOnDifferentCacheLines() {
        int line = 128;
        assertThat(Stream.of(RingLayout.RING_EPOCH_OFFSET, RingLayout.COMPLETION_OFFSET, RingLayout.ARMED_OFFSET,
                RingLayout.RESIDENCE_OFFSET, RingLayout.STARTED_OFFSET).map(offset -> offset / line))
                .as("what is written for each command, for each wait, now and then, or once").doesNotHaveDuplicates();
        assertThat(Stream.of(RingLayout.MAGIC_OFFSET, RingLayout.ASLEEP_OFFSET, RingLayout.HEARTBEAT_OFFSET,
                RingLayout.NEWS_OFFSET, RingLayout.RAISED_OFFSET, RingLayout.READ_OFFSET,
                RingLayout.DEVICE_REQUEST_OFFSET).map(offset -> offset / line)).doesNotHaveDuplicates();
        assertThat(RingLayout.DESCRIPTOR_BYTES % line).isZero();
    }

    @Test
    void slotIsSixtyFourBytes() {
        assertThat(RingLayout.SLOT_BYTES).isEqualTo(64);
        assertThat(RingLayout.OPERANDS_OFFSET + RingLayout.OPERANDS * Long.BYTES).isEqualTo(64);
        assertThat(RingLayout.STATUS_OFFSET).as("one word with the opcode").isEqualTo(RingLayout.OPCODE_OFFSET + 4);
        assertThat(RingLayout.WAIT_IN_SLOT_OFFSET).as("the last operand").isEqualTo(64 - Long.BYTES);
        assertThat(RingLayout.WAIT_IN_SLOT).as("no number of waits").isGreaterThan(RingLayout.MAX_WAITS)
                .isEqualTo(RingLayout.WAITS_MASK);
        assertThat(RingLayout.WAIT_IN_SLOT_MASK).as("every ring").isEqualTo(RingLayout.MAX_RINGS - 1);
        assertThat((long) RingLayout.WAIT_IN_SLOT_MASK << RingLayout.WAIT_IN_SLOT_SHIFT).as("not the bit that gives up")
                .isLessThan(1L << 31);
        assertThat(RingLayout.MAX_WAITS * RingLayout.WAIT_BYTES).isEqualTo(RingLayout.WAITS_BYTES);
    }

    @ParameterizedTest
    @CsvSource({"1,2,1", "16,1024,1024", "65,4,64", "1025,2,2", "65536,1048576,1048576"})
    void partsFollowEachOther(int rings, int slots, int events) {
        Geometry geometry = new Geometry(rings, slots, 1, events, 4096, 1);
        assertThat(geometry.doorbells(0)).isEqualTo(RingLayout.HEADER_BYTES);
        assertThat(geometry.bitBytes() * Byte.SIZE).isGreaterThanOrEqualTo(rings);
        assertThat(geometry.doorbells(geometry.bitWords() - 1)).isLessThan(geometry.requests(0));
        assertThat(geometry.requests(geometry.bitWords() - 1)).isLessThan(geometry.descriptor(0));
        long free = RingLayout.HEADER_BYTES + 2 * geometry.bitBytes();
        for (int ring = 0; ring < rings; ring += Math.max(1, rings / 100)) {
            assertThat(geometry.descriptor(ring)).isEqualTo(free + (long) ring * RingLayout.DESCRIPTOR_BYTES)
                    .isPositive();
        }
        free += (long) rings * RingLayout.DESCRIPTOR_BYTES;
        assertThat(free % 128).isZero();
        assertThat(geometry.event(0)).isEqualTo(free).isEqualTo(geometry.event(events));
        free += (long) events * RingLayout.EVENT_BYTES;
        long bytes = (long) slots * RingLayout.SLOT_BYTES;
        for (int ring = 0; ring < rings; ring += Math.max(1, rings / 100)) {
            assertThat(geometry.slots(ring)).isEqualTo(free + ring * bytes);
            assertThat(geometry.waits(ring)).isEqualTo(free + (rings + ring) * bytes);
        }
        assertThat(geometry.arena()).isEqualTo(free + 2L * rings * bytes);
        assertThat(geometry.total()).isEqualTo(geometry.arena() + 4096);
    }

    @Test
    void headerComesBack() {
        Geometry written = new Geometry(3, 8, 2, 16, 128, 77);
        SharedMemory memory = new SharedMemory(written.total());
        written.write(memory);
        assertThat(Geometry.read(memory)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({"16,0", "16,65537", "20,3", "20,-2", "24,0", "28,5", "32,-1", "40,0"})
    void headerWithAWordOutOfRangeIsRefused(int offset, int value) {
        Geometry written = new Geometry(3, 8, 2, 16, 128, 77);
        SharedMemory memory = new SharedMemory(written.total());
        written.write(memory);
        if (offset < 32) {
            memory.intPlain(offset, value);
        } else {
            memory.longPlain(offset, value);
        }
        assertThatThrownBy(() -> Geometry.read(memory)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shared memory");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "65535,0", "65535,281474976710655", "1,281474976710655", "32768,140737488355328"})
    void wordsComeBack(int epoch, long seqno) {
        long word = RingLayout.word(epoch, seqno);
        assertThat(RingLayout.epoch(word)).isEqualTo(epoch);
        assertThat(RingLayout.seqno(word)).isEqualTo(seqno);
    }

    @Test
    void seqnoNeverReachesTheEpoch() {
        assertThat(RingLayout.epoch(RingLayout.word(1, -1))).isEqualTo(1);
        assertThat(RingLayout.seqno(RingLayout.word(1, 1L << RingLayout.SEQNO_BITS))).isZero();
    }

    @Test
    void opcodesAreTheirNumbers() {
        for (Opcode opcode : Opcode.values()) {
            assertThat(Opcode.of(opcode.code())).isEqualTo(opcode);
        }
        assertThat(Opcode.of(-1)).isNull();
        assertThat(Opcode.of(Opcode.values().length)).isNull();
        assertThat(Opcode.of(Integer.MIN_VALUE)).isNull();
    }

    @Test
    void magicReadsAsText() {
        assertThat(new String(java.nio.ByteBuffer.allocate(8).putLong(RingLayout.MAGIC).array(),
                java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("RINGFNCE");
    }

    @Test
    void sharedMemoryIsZeroedLittleEndianAndKeepsBitsApart() {
        SharedMemory memory = new SharedMemory(4096);
        assertThat(memory.longPlain(4088)).isZero();
        memory.longRelease(8, 0x0102030405060708L);
        assertThat(memory.intPlain(8)).isEqualTo(0x05060708);
        assertThat(memory.intPlain(12)).isEqualTo(0x01020304);
        memory.orLong(8, 1L << 63);
        assertThat(memory.takeLong(8)).isEqualTo(0x8102030405060708L);
        assertThat(memory.longAcquire(8)).isZero();
        memory.longVolatile(8, -1);
        assertThat(memory.longVolatile(8)).isEqualTo(-1);
    }
}
