package io.ringfence.figures.limits;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.StampedSlots;

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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What no stream of jobs to a device can beat: a ring of 64-byte slots, each with a stamp, from one thread to another that polls the
 * stamps and takes what it finds. No claim, no credits, no completion but the room. The figure is that of one slot.
 *
 * <p>The limit is that of a producer who does nothing else. What is left of it for one who does is shown by {@code -p stores=0,8,16,32},
 * other stores a slot that stay in its own cache; {@code -p locked=true}, one locked instruction a slot; {@code -p ahead=8}, the lines of
 * so many slots asked for at once; {@code -p behind=128}, spin hints after which the consumer looks again when it has found something.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Benchmark)
public class SlotStream {

    /** Slots of an invocation. */
    public static final int SLOTS = 8192;
    /** A power of two; the words that the other stores go to. */
    private static final int OWN = 4096;
    private static final int LINE = 8;
    private static final VarHandle OWN_WORD = MethodHandles.arrayElementVarHandle(long[].class);

    @Param("0")
    public int stores;

    @Param("false")
    public boolean locked;

    @Param("0")
    public int ahead;

    @Param("0")
    public int behind;

    private final long[] own = new long[OWN];
    private StampedSlots slots;
    private long written;
    private long taken;

    @Setup(Level.Trial)
    public void open() {
        slots = new StampedSlots(behind);
    }

    @Benchmark
    @OperationsPerInvocation(SLOTS)
    public void slot() {
        StampedSlots shared = slots;
        long next = written;
        long kept = StampedSlots.CAPACITY - 2L * ahead;
        long room = taken + kept;
        for (int i = 0; i < SLOTS; i++) {
            while (next >= room) {
                room = shared.takenAcquire() + kept;
                Thread.onSpinWait();
            }
            if (ahead != 0 && next % ahead == 0) {
                shared.askFor(next + ahead, ahead);
            }
            shared.writeRelease(next);
            doOtherThings(next);
            next++;
        }
        written = next;
        taken = room - kept;
    }

    private void doOtherThings(long number) {
        for (int i = 0; i < stores; i++) {
            OWN_WORD.setOpaque(own, (int) (number + (long) i * LINE) & OWN - 1, number);
        }
        if (locked) {
            OWN_WORD.getAndAdd(own, 0, 1L);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        slots.close(written);
    }
}
