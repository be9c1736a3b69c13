package io.ringfence.figures.limits;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
 * What no stream of jobs over many rings can beat: {@link SlotStream} over so many rings, one slot of each in turn, when the producer also
 * reads and writes some lines of its own for each ring, none of which is found through another: {@code -p rings=1000,10000
 * -p lines=0,4,8,16,25 -p locked=false,true}. The figure is that of one slot.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Benchmark)
public class SlotsOfMany {

    /** Slots of an invocation. */
    private static final int SLOTS = 1000;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int CAPACITY = 64;
    private static final long LINE = 64;
    private static final long RING = CAPACITY * LINE;
    private static final long PAGE = 4096;
    private static final long WORD_APART = 128;
    private static final long STRAYED = -1;

    @Param("100")
    public int rings;

    @Param("0")
    public int lines;

    @Param("false")
    public boolean locked;

    private MemorySegment slots;
    private MemorySegment taken;
    private OwnLines own;
    private long[] written;
    private int place;
    private Thread consumer;
    private volatile boolean running = true;
    /** The consumer's; read when it has ended. */
    private long checked;

    @Setup(Level.Trial)
    public void open() {
        slots = Arena.ofAuto().allocate((long) rings * RING, PAGE);
        taken = Arena.ofAuto().allocate(rings * WORD_APART, PAGE);
        own = new OwnLines(rings, lines);
        written = new long[rings];
        consumer = Thread.ofPlatform().daemon().name("slots").start(this::consume);
    }

    private static long slot(int ring, long number) {
        return (long) ring * RING + (number & CAPACITY - 1) * LINE;
    }

    private void consume() {
        long[] next = new long[rings];
        long sum = 0;
        while (running) {
            for (int ring = 0; ring < next.length; ring++) {
                while ((long) WORD.getAcquire(slots, slot(ring, next[ring])) == next[ring] + 1) {
                    sum += (long) WORD.get(slots, slot(ring, next[ring]) + Long.BYTES) - next[ring];
                    WORD.setRelease(taken, ring * WORD_APART, ++next[ring]);
                }
            }
        }
        long all = 0;
        for (long each : next) {
            all += each;
        }
        checked = sum == 0 ? all : STRAYED;
    }

    @Benchmark
    @OperationsPerInvocation(SLOTS)
    public void slot() {
        int ring = place;
        for (int i = 0; i < SLOTS;) {
            long next = written[ring];
            // Not asked for each slot, as a producer with credits does not.
            if (next % (CAPACITY / 4) != 0 || next - (long) WORD.getAcquire(taken, ring * WORD_APART) <= CAPACITY / 2) {
                own.touch(ring);
                if (locked) {
                    own.lock(ring);
                }
                WORD.set(slots, slot(ring, next) + Long.BYTES, next);
                WORD.setRelease(slots, slot(ring, next), next + 1);
                written[ring] = next + 1;
                i++;
            }
            ring = ring + 1 == rings ? 0 : ring + 1;
        }
        place = ring;
    }

    private long allWritten() {
        long all = 0;
        for (long each : written) {
            all += each;
        }
        return all;
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        for (int ring = 0; ring < rings; ring++) {
            while ((long) WORD.getAcquire(taken, ring * WORD_APART) < written[ring]) {
                Thread.onSpinWait();
            }
        }
        running = false;
        consumer.join();
        if (checked != allWritten()) {
            throw new IllegalStateException(allWritten() + " slots were written, " + checked + " were taken");
        }
    }
}
