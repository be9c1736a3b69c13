package io.ringfence.figures.limits;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What no fair decision can beat: of so many entities, the one with the least time is at the root of a heap, is charged for a job, and
 * sinks to its new place; and so many lines of its own are read and written, none of which is found through another:
 * {@code -p entities=1000,10000 -p lines=0,16,32,48}. One thread, and nothing locked.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Thread)
public class HeapOfMany {

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long LINE = 64;
    /** One entity's own lines lie in a page, each entity's elsewhere in it. */
    private static final long PAGE = 4096;
    private static final int LINES_OF_A_PAGE = 64;
    private static final int SPREAD = 7;
    /** A place in the heap: the time in the upper bits, the entity below. */
    private static final int ENTITY_BITS = 20;
    private static final int ENTITY_MASK = (1 << ENTITY_BITS) - 1;

    @Param({"1000", "10000"})
    public int entities;

    @Param("0")
    public int lines;

    private long[] heap;
    private MemorySegment own;

    @Setup
    public void fill() {
        if (entities < 1 || entities > ENTITY_MASK || lines < 0 || lines > LINES_OF_A_PAGE) {
            throw new IllegalArgumentException(
                    "entities " + entities + ": must be 1 to " + ENTITY_MASK + "; lines " + lines
                            + ": must be 0 to " + LINES_OF_A_PAGE);
        }
        heap = new long[entities];
        for (int i = 0; i < entities; i++) {
            heap[i] = i;
        }
        own = Arena.ofAuto().allocate(entities * PAGE, PAGE);
    }

    @Benchmark
    public int decision() {
        int entity = (int) heap[0] & ENTITY_MASK;
        for (int i = 0; i < lines; i++) {
            long at = entity * PAGE + (i * SPREAD + entity & LINES_OF_A_PAGE - 1) * LINE;
            WORD.set(own, at, (long) WORD.get(own, at) + 1);
        }
        sink(heap[0] + (1L << ENTITY_BITS));
        return entity;
    }

    private void sink(long item) {
        int place = 0;
        for (int child = 1; child < heap.length; child = 2 * place + 1) {
            if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= item) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
        heap[place] = item;
    }
}
