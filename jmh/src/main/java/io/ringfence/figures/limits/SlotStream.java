package io.ringfence.figures.limits;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

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
    private static final int SLOTS = 8192;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int CAPACITY = 4096;
    private static final long SLOT = 64;
    private static final long PAGE = 4096;
    /** Where the consumer tells how many slots it has taken, after the slots. */
    private static final long TAKEN = CAPACITY * SLOT + 128;
    /** Taken at most before the producer is told. */
    private static final int MOST = 256;
    private static final long STRAYED = -1;

    /** A power of two; the words that the other stores go to. */
    private static final int OWN = 4096;
    private static final int LINE = 8;
    private static final VarHandle OWN_WORD = MethodHandles.arrayElementVarHandle(long[].class);
    /** A word of a slot that nobody reads. */
    private static final long ASKS = 32;

    @Param("0")
    public int stores;

    @Param("false")
    public boolean locked;

    @Param("0")
    public int ahead;

    @Param("0")
    public int behind;

    private final long[] own = new long[OWN];
    private MemorySegment ring;
    private Thread consumer;
    private volatile boolean running = true;
    private long written;
    private long taken;
    /** The consumer's; read when it has ended. */
    private long checked;

    @Setup(Level.Trial)
    public void open() {
        ring = Arena.ofAuto().allocate(CAPACITY * SLOT + PAGE, PAGE);
        consumer = Thread.ofPlatform().daemon().name("slots").start(this::consume);
    }

    private static long slot(long number) {
        return (number & CAPACITY - 1) * SLOT;
    }

    private void consume() {
        MemorySegment shared = ring;
        long next = 0;
        long sum = 0;
        while (running) {
            long before = next;
            while ((long) WORD.getAcquire(shared, slot(next)) == next + 1 && next - before < MOST) {
                sum += (long) WORD.get(shared, slot(next) + Long.BYTES) - next;
                next++;
            }
            if (next == before) {
                Thread.onSpinWait();
            } else {
                WORD.setRelease(shared, TAKEN, next);
                for (int i = 0; i < behind; i++) {
                    Thread.onSpinWait();
                }
            }
        }
        checked = sum == 0 ? next : STRAYED;
    }

    @Benchmark
    @OperationsPerInvocation(SLOTS)
    public void slot() {
        MemorySegment shared = ring;
        long next = written;
        long room = taken + CAPACITY - 2L * ahead;
        for (int i = 0; i < SLOTS; i++) {
            while (next >= room) {
                room = (long) WORD.getAcquire(shared, TAKEN) + CAPACITY - 2L * ahead;
                Thread.onSpinWait();
            }
            if (ahead != 0 && next % ahead == 0) {
                askFor(shared, next + ahead);
            }
            WORD.set(shared, slot(next) + Long.BYTES, next);
            WORD.setRelease(shared, slot(next), next + 1);
            doOtherThings(next);
            next++;
        }
        written = next;
        taken = room - CAPACITY + 2L * ahead;
    }

    private void askFor(MemorySegment shared, long first) {
        for (int i = 0; i < ahead; i++) {
            WORD.set(shared, slot(first + i) + ASKS, first);
        }
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
        while ((long) WORD.getAcquire(ring, TAKEN) < written) {
            Thread.onSpinWait();
        }
        running = false;
        consumer.join();
        if (checked != written) {
            throw new IllegalStateException(written + " slots were written, " + checked + " were taken");
        }
    }
}
