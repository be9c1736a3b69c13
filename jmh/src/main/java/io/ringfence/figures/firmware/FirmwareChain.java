package io.ringfence.figures.firmware;

import java.util.concurrent.TimeUnit;

import io.ringfence.sim.firmware.FirmwareAgent;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Commands of two rings of the firmware, each after the last one of the other ring, which the slot or the line beside it says, or after
 * nothing. The thread that writes them also makes the firmware's rounds, so no line changes its processor: what is left are the firmware's
 * own instructions.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Thread)
public class FirmwareChain {

    private static final int LINKS = 1024;
    private static final int RINGS = 2;
    private static final int EPOCH = 1;
    private static final int GROUP_SLOTS = 8;
    private static final int EVENTS = 64;
    private static final long SECOND = 1_000_000_000L;

    /** Where it stands what a command waits for. */
    @Param({"slot", "beside", "none"})
    public String waits;

    private final Geometry geometry = new Geometry(RINGS, 2 * LINKS, GROUP_SLOTS, EVENTS, 1 << 12, SECOND);
    private final SharedMemory memory = new SharedMemory(geometry.total());
    private final long[] written = new long[RINGS];
    private FirmwareAgent firmware;

    @Setup(Level.Trial)
    public void register() {
        memory.intPlain(RingLayout.ATTACH_EPOCH_OFFSET, 1);
        geometry.write(memory);
        firmware = new FirmwareAgent(memory, () -> {
        }, null);
        for (int ring = 0; ring < RINGS; ring++) {
            long descriptor = geometry.descriptor(ring);
            memory.intPlain(descriptor + RingLayout.RING_EPOCH_OFFSET, EPOCH);
            memory.intPlain(descriptor + RingLayout.GROUP_OFFSET, ring);
            memory.longPlain(descriptor + RingLayout.PREEMPT_TIMEOUT_OFFSET, SECOND);
            memory.longVolatile(descriptor + RingLayout.REQUEST_OFFSET,
                    RingLayout.request(1, RequestKind.REGISTER.code()));
            memory.orLong(geometry.requests(0), 1L << ring);
        }
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
        int _ = firmware.doWork();
    }

    /** All commands but the stamp of the first one, then that one. */
    @Setup(Level.Invocation)
    public void write() {
        long first = written[0]++;
        for (int i = 1; i < LINKS; i++) {
            int ring = i & 1;
            long number = written[ring]++;
            stamp(ring, number, switch (waits) {
                case "slot" -> waitInSlot(ring, number);
                case "beside" -> waitBeside(ring, number);
                case "none" -> 0;
                default -> throw new IllegalStateException("waits " + waits);
            });
        }
        stamp(0, first, 0);
        // For a ring that is on no slot yet.
        memory.orLong(geometry.doorbells(0), (1L << RINGS) - 1);
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
    }

    private long index(long number) {
        return number & geometry.slots() - 1;
    }

    private long slot(int ring, long number) {
        return geometry.slots(ring) + index(number) * RingLayout.SLOT_BYTES;
    }

    private int waitInSlot(int ring, long number) {
        memory.longPlain(slot(ring, number) + RingLayout.WAIT_IN_SLOT_OFFSET,
                RingLayout.word(EPOCH, written[1 - ring]));
        return RingLayout.WAIT_IN_SLOT << RingLayout.WAITS_SHIFT | 1 - ring << RingLayout.WAIT_IN_SLOT_SHIFT;
    }

    private int waitBeside(int ring, long number) {
        long wait = geometry.waits(ring) + index(number) * RingLayout.WAITS_BYTES;
        memory.intPlain(wait + RingLayout.WAIT_RING_OFFSET, 1 - ring);
        memory.longPlain(wait + RingLayout.WAIT_WORD_OFFSET, RingLayout.word(EPOCH, written[1 - ring]));
        return 1 << RingLayout.WAITS_SHIFT;
    }

    private void stamp(int ring, long number, int opcode) {
        memory.longPlain(slot(ring, number) + RingLayout.OPCODE_OFFSET, opcode);
        memory.longRelease(slot(ring, number) + RingLayout.STAMP_OFFSET, RingLayout.word(EPOCH, number + 1));
    }

    @Benchmark
    @OperationsPerInvocation(LINKS)
    public long command() {
        int rounds = 0;
        while (completed(0) != written[0] || completed(1) != written[1]) {
            int _ = firmware.doWork();
            if (++rounds > LINKS) {
                throw new IllegalStateException(
                        "of " + written[0] + " and " + written[1] + " commands, " + completed(0) + " and "
                                + completed(1)
                                + " are complete");
            }
        }
        return rounds;
    }

    private long completed(int ring) {
        return RingLayout.seqno(memory.longAcquire(geometry.descriptor(ring) + RingLayout.COMPLETION_OFFSET));
    }
}
