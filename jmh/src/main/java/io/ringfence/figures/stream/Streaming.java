package io.ringfence.figures.stream;

import io.ringfence.figures.peers.Way;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What all streams of jobs do: they differ in who submits, and how many at once. */
@State(Scope.Benchmark)
public abstract class Streaming {

    private Way open;

    /** The way that is asked for. */
    abstract Way way();

    @Setup(Level.Trial)
    public void open() {
        open = way();
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        open.close();
    }

    @Benchmark
    @OperationsPerInvocation(Ways.JOBS)
    public void job(Attempts attempts) throws InterruptedException {
        attempts.full += open.jobs(Ways.JOBS);
    }
}
