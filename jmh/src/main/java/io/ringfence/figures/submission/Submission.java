package io.ringfence.figures.submission;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.ringfence.fence.FailureCursor;
import io.ringfence.figures.devices.AtOnceDriver;
import io.ringfence.queue.Batch;
import io.ringfence.queue.Bulk;
import io.ringfence.queue.Committed;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What submitting costs without a device: jobs are complete when they are looked for. One by one, many by one claim, over two
 * queues as a batch, and with a retire hook of each kind.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class Submission {

    private static final int MANY = 64;

    /** Two queues. */
    @State(Scope.Thread)
    public static class Queues {
        final Object[] jobs = new Object[MANY];
        private final RingfenceRuntime runtime = RingfenceRuntime.start();
        final JobQueue<Object> first;
        final JobQueue<Object> second;
        final FailureCursor cursor;
        long last;

        /** Queues that nobody wants payloads back from. */
        public Queues() {
            this(PayloadTraits.plain());
        }

        Queues(PayloadTraits<Object> traits) {
            Arrays.fill(jobs, "job");
            QueueOptions options = QueueOptions.named("submission").withCapacity(4096).withCredits(4096);
            first = runtime.openQueue(new AtOnceDriver(), options, traits);
            second = runtime.openQueue(new AtOnceDriver(), options, traits);
            cursor = first.timeline().failureCursor();
        }

        /** Closes everything. */
        @TearDown(Level.Trial)
        public void close() {
            runtime.close();
        }
    }

    /** Payloads are given back on the completing thread. */
    @State(Scope.Thread)
    public static class Inline extends Queues {
        static final LongAdder RETIRED = new LongAdder();

        /** Queues with a hook that counts. */
        public Inline() {
            super(PayloadTraits.plain().retiringInline((_, _, _) -> RETIRED.increment()));
        }
    }

    /** Payloads are given back on a virtual thread. */
    @State(Scope.Thread)
    public static class Deferred extends Queues {
        static final LongAdder RETIRED = new LongAdder();

        /** Queues with a hook that counts. */
        public Deferred() {
            super(PayloadTraits.plain().retiring((_, _, _) -> RETIRED.increment()));
        }
    }

    /** One job, whose outcome nobody asks for. */
    @Benchmark
    public long one(Queues queues) {
        return queues.first.trySubmit("job");
    }

    /** One job, whose payload is given back on the completing thread. */
    @Benchmark
    public long retiredInline(Inline queues) {
        return queues.first.trySubmit("job");
    }

    /** One job, whose payload is given back on a virtual thread. */
    @Benchmark
    public long retiredDeferred(Deferred queues) {
        return queues.first.trySubmit("job");
    }

    /** One job that names the one before it, which is complete. */
    @Benchmark
    public long afterPoint(Queues queues) {
        long before = queues.last == 0 ? queues.first.trySubmit("job") : queues.last;
        queues.first.timeline().poll();
        long seqno = queues.first.trySubmit("job", queues.cursor, before);
        queues.last = seqno;
        return seqno;
    }

    /** Sixty-four jobs by one claim and one turn; the figure is that of one job. */
    @Benchmark
    @OperationsPerInvocation(MANY)
    public Bulk many(Queues queues) {
        return queues.first.trySubmitAll(queues.jobs);
    }

    /** Two jobs for two queues, the second after the first; the figure is that of the batch. */
    @Benchmark
    public Committed batch(Queues queues) {
        Batch batch = Batch.create();
        Batch.Member before = batch.add(queues.first, "job");
        batch.add(queues.second, "job").after(before);
        Committed committed = batch.tryCommit();
        if (committed == null) {
            throw new IllegalStateException("no room though every job is complete");
        }
        return committed;
    }
}
