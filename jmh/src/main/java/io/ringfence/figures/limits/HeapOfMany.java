package io.ringfence.figures.limits;

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

    /** A place in the heap: the time in the upper bits, the entity below. */
    private static final int ENTITY_BITS = 20;
    private static final int ENTITY_MASK = (1 << ENTITY_BITS) - 1;

    @Param({"1000", "10000"})
    public int entities;

    @Param("0")
    public int lines;

    private long[] heap;
    private OwnLines own;

    @Setup
    public void fill() {
        if (entities < 1 || entities > ENTITY_MASK) {
            throw new IllegalArgumentException("entities " + entities + ": must be 1 to " + ENTITY_MASK);
        }
        heap = new long[entities];
        for (int i = 0; i < entities; i++) {
            heap[i] = i;
        }
        own = new OwnLines(entities, lines);
    }

    @Benchmark
    public int decision() {
        int entity = (int) heap[0] & ENTITY_MASK;
        own.touch(entity);
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
