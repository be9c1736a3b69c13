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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What no hand-over between two processors can beat: a word that one thread writes and another answers, both spinning. On one cache line,
 * which goes there and back, or on two, one for each direction, as a ring and its completion word have it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Benchmark)
public class CacheLines {

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long PAGE = 4096;
    /** Two lines are fetched together. */
    private static final long APART = 128;
    private static final long STOP = -1;

    @Param({"1", "2"})
    public int lines;

    private MemorySegment memory;
    private long answerAt;
    private Thread other;
    /** The question; the answer is one more. */
    private long last;

    @Setup(Level.Trial)
    public void open() {
        memory = Arena.ofAuto().allocate(PAGE, PAGE);
        answerAt = (lines - 1) * APART;
        other = Thread.ofPlatform().daemon().name("answers").start(() -> answer(memory, answerAt));
    }

    private static void answer(MemorySegment memory, long answerAt) {
        long expected = 1;
        for (;;) {
            long question = (long) WORD.getAcquire(memory, 0L);
            if (question == expected) {
                WORD.setRelease(memory, answerAt, question + 1);
                expected += 2;
            } else if (question == STOP) {
                return;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @Benchmark
    public long thereAndBack() {
        MemorySegment shared = memory;
        long at = answerAt;
        long question = last + 1;
        WORD.setRelease(shared, 0L, question);
        while ((long) WORD.getAcquire(shared, at) != question + 1) {
            Thread.onSpinWait();
        }
        last = question + 1;
        return question;
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        WORD.setRelease(memory, 0L, STOP);
        other.join();
    }
}
