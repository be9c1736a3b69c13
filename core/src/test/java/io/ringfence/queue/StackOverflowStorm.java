package io.ringfence.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/** Calls a queue on stacks that overflow, at every depth; afterwards everything that was accepted must be finished. */
final class StackOverflowStorm {
    private static final int ROUNDS = 50;

    /** What is called at every depth. */
    enum Call {
        TRY_SUBMIT, SIGNAL, ON_DONE, POLL,
        /** Finishes a job that has waited on its device for one of another queue. */
        POLL_CHAIN,
        /** Submits a job that is to wait for one of another queue, which is complete on its device, and not finished. */
        SUBMIT_CHAIN
    }

    private final Call call;
    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private final JobQueue<Object> queue = runtime.openQueue(new FrugalDriver(),
            QueueOptions.named("storm").withCapacity(1 << 20).withCredits(1 << 20));
    /** Its device waits by itself for jobs of the first. */
    private final JobQueue<Object> other = runtime.openQueue(new FrugalDriver(),
            QueueOptions.named("waiting").withCapacity(1 << 20).withCredits(1 << 20));
    /** Its device does not. */
    private final JobQueue<Object> host = runtime.openQueue(new FrugalDriver(false),
            QueueOptions.named("told").withCapacity(1 << 20).withCredits(1 << 20));
    private final FailureCursor outcomes = queue.timeline().failureCursor();
    private final AtomicLong overflows = new AtomicLong();
    private volatile @Nullable PointFence newest;

    private StackOverflowStorm(Call call) {
        this.call = call;
    }

    /**
     * Runs a storm.
     *
     * @return what is wrong, empty if nothing is
     */
    static String run(Call call) throws InterruptedException {
        return new StackOverflowStorm(call).storm();
    }

    /** The same in a JVM of its own; prints what is wrong. */
    public static void main(String[] args) throws InterruptedException {
        System.out.println(run(Call.valueOf(args[0])));
        System.exit(0);
    }

    private String storm() throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                var thread = new Thread(null, this::recursing, "recursing", (96 + 8 * i) * 1024L);
                thread.setDaemon(true);
                // A callback that finds no stack is reported there.
                thread.setUncaughtExceptionHandler((_, _) -> overflows.get());
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        PointFence before = queue.submit("after the storm");
        PointFence after = switch (call) {
            case POLL_CHAIN -> other.submit("after the storm", before);
            case SUBMIT_CHAIN -> host.submit("after the storm", before);
            default -> before;
        };
        if (overflows.get() != 4 * ROUNDS) {
            return "overflows: " + overflows;
        }
        if (after.await(Duration.ofSeconds(10)) != Outcome.OK) {
            return after.outcome() + " " + after.failure() + ", " + told();
        }
        runtime.close();
        String told = told();
        return told.contains("stopped") ? told : "";
    }

    private String told() {
        return queue.describe() + other.describe() + host.describe();
    }

    private void recursing() {
        try {
            recurse(0);
        } catch (StackOverflowError e) {
            overflows.incrementAndGet();
        }
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack overflows
    private long recurse(int depth) {
        return once() + recurse(depth + 1);
    }

    private long once() {
        return switch (call) {
            case TRY_SUBMIT -> queue.trySubmit("job");
            case SIGNAL -> {
                FenceIssuer issuer = FenceIssuer.create("input");
                issuer.fence().onDone(() -> newest = queue.trySubmitFence("job"));
                yield issuer.signal() ? 1 : 0;
            }
            case ON_DONE -> {
                PointFence job = queue.trySubmitFence("job");
                job.onDone(() -> newest = job);
                yield 1;
            }
            case POLL -> {
                long seqno = queue.trySubmit("job");
                queue.timeline().poll();
                yield seqno;
            }
            case POLL_CHAIN -> {
                long seqno = other.trySubmit("job", outcomes, queue.trySubmit("job"));
                other.timeline().poll();
                yield seqno;
            }
            case SUBMIT_CHAIN -> host.trySubmit("job", outcomes, queue.trySubmit("job"));
        };
    }
}
