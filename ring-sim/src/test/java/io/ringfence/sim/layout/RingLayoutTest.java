package io.ringfence.sim.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing overlaps, everything is aligned, words come back as they went in. */
class RingLayoutTest {

    private static void assertApart(Map<Integer, Integer> lengths, int end) {
        int free = 0;
        for (Map.Entry<Integer, Integer> field : new TreeMap<>(lengths).entrySet()) {
            assertThat(field.getKey()).as("begin of a field").isGreaterThanOrEqualTo(free);
            assertThat(field.getKey() % Math.min(8, field.getValue())).as("alignment of %d", field.getKey()).isZero();
            free = field.getKey() + field.getValue();
        }
        assertThat(free).isLessThanOrEqualTo(end);
    }

    @Test
    void headerFieldsDoNotOverlap() {
        assertApart(Map.of(RingLayout.MAGIC_OFFSET, 8, RingLayout.VERSION_OFFSET, 4, RingLayout.SLOT_BYTES_OFFSET, 4,
                RingLayout.RINGS_OFFSET, 4, RingLayout.SLOTS_OFFSET, 4, RingLayout.ARENA_BYTES_OFFSET, 8,
                RingLayout.ASLEEP_OFFSET, 8, RingLayout.HEARTBEAT_OFFSET, 8, RingLayout.OPEN_OFFSET,
                RingLayout.MAX_RINGS / Byte.SIZE), RingLayout.HEADER_BYTES);
    }

    @Test
    void descriptorFieldsDoNotOverlap() {
        assertApart(Map.of(RingLayout.RING_EPOCH_OFFSET, 4, RingLayout.COMPLETION_OFFSET, 8, RingLayout.FAULTS_OFFSET,
                8, RingLayout.ARMED_OFFSET, 8), RingLayout.DESCRIPTOR_BYTES);
    }

    @Test
    void slotFieldsFillSixtyFourBytes() {
        assertApart(Map.of(RingLayout.STAMP_OFFSET, 8, RingLayout.OPCODE_OFFSET, 4, RingLayout.STATUS_OFFSET, 4,
                RingLayout.OPERANDS_OFFSET, RingLayout.OPERANDS * Long.BYTES), RingLayout.SLOT_BYTES);
        assertThat(RingLayout.SLOT_BYTES).isEqualTo(64);
        assertThat(RingLayout.OPERANDS_OFFSET + RingLayout.OPERANDS * Long.BYTES).isEqualTo(64);
        assertThat(RingLayout.STATUS_OFFSET).as("one word with the opcode").isEqualTo(RingLayout.OPCODE_OFFSET + 4);
    }

    @Test
    void wordsOfDifferentWritersLieOnDifferentCacheLines() {
        int line = 128;
        assertThat(RingLayout.COMPLETION_OFFSET / line).isNotEqualTo(RingLayout.ARMED_OFFSET / line)
                .isNotEqualTo(RingLayout.RING_EPOCH_OFFSET / line);
        assertThat(RingLayout.ASLEEP_OFFSET / line).isNotEqualTo(RingLayout.HEARTBEAT_OFFSET / line)
                .isNotEqualTo(RingLayout.OPEN_OFFSET / line);
        assertThat(RingLayout.HEARTBEAT_OFFSET / line).isNotEqualTo(RingLayout.OPEN_OFFSET / line);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "16,1024", "65,4", "4096,1048576"})
    void regionsFollowEachOther(int rings, int slots) {
        assertThat(RingLayout.descriptor(0)).isEqualTo(RingLayout.HEADER_BYTES);
        long free = RingLayout.HEADER_BYTES;
        for (int ring = 0; ring < rings; ring++) {
            assertThat(RingLayout.descriptor(ring)).isEqualTo(free).isPositive();
            free += RingLayout.DESCRIPTOR_BYTES;
        }
        for (int ring = 0; ring < rings; ring++) {
            assertThat(RingLayout.slots(rings, slots, ring)).isEqualTo(free);
            assertThat(free % RingLayout.SLOT_BYTES).isZero();
            free += (long) slots * RingLayout.SLOT_BYTES;
        }
        assertThat(RingLayout.arena(rings, slots)).isEqualTo(free);
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
        memory.andLong(8, ~8L);
        assertThat(memory.longAcquire(8)).isEqualTo(0x8102030405060700L);
        memory.longVolatile(8, -1);
        assertThat(memory.longVolatile(8)).isEqualTo(-1);
    }
}
