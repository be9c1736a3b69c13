package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whatever wakes whatever, nothing nests. */
class ConstantStackTest extends QueueTestBase {
    @Test
    @DisplayName("H6: a chain of 10,000 queues, each job of which submits to the next, nests nothing")
    void tenThousandQueues() throws Exception {
        int count = 10_000;
        List<JobQueue<Object>> queues = new ArrayList<>();
        var inside = new AtomicInteger();
        var deepest = new AtomicInteger();
        var reached = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            queues.add(runtime.openQueue(new InlineDriver(), QueueOptions.named("q" + i).withCapacity(2)));
        }
        queues.getFirst().trySubmit(jobs(queues, 0, inside, deepest, reached));
        while (reached.get() < count) {
            Thread.onSpinWait();
        }
        for (JobQueue<Object> queue : queues) {
            assertOk(queue.submit("last"));
        }
        assertThat(deepest).as("runs inside runs").hasValue(1);
    }

    private static Work jobs(List<JobQueue<Object>> queues, int at, AtomicInteger inside, AtomicInteger deepest,
            AtomicInteger reached) {
        return _ -> {
            deepest.accumulateAndGet(inside.incrementAndGet(), Math::max);
            if (at + 1 < queues.size()) {
                queues.get(at + 1).trySubmit(jobs(queues, at + 1, inside, deepest, reached));
            }
            reached.incrementAndGet();
            inside.decrementAndGet();
        };
    }

    @Test
    @DisplayName("H6: a million jobs over two queues, each of which submits the next from run, on a small stack")
    void millionBypassed() throws Exception {
        JobQueue<Object> a = open(new InlineDriver());
        JobQueue<Object> b = open(new InlineDriver());
        var left = new AtomicLong(1_000_000);
        var refused = new AtomicLong();
        var job = new Work() {
            @Override
            public void run(long seqno) {
                long now = left.decrementAndGet();
                if (now > 0 && (now % 2 == 0 ? a : b).trySubmit(this) < 0) {
                    refused.incrementAndGet();
                    left.set(0);
                }
            }
        };
        onSmallStack(() -> a.trySubmit(job)).get();
        while (left.get() > 0) {
            Thread.onSpinWait();
        }
        assertThat(refused).hasValue(0);
        assertOk(a.submit("last"));
        assertOk(b.submit("last"));
    }

    @Test
    @DisplayName("H6: a chain of 100,000 jobs waiting for each other across two queues is let go by one signal")
    void chainLetGo() throws Exception {
        int length = 100_000;
        QueueOptions options = options("long").withCapacity(1 << 16).withCredits(1 << 16);
        JobQueue<Object> a = open(new InlineDriver(), options);
        JobQueue<Object> b = open(new InlineDriver(), options);
        FenceIssuer gate = issuer("gate");
        PointFence before = a.submit("first", gate.fence());
        for (int i = 1; i < length; i++) {
            before = (i % 2 == 0 ? a : b).submit("job", before);
        }
        PointFence last = before;

        onSmallStack(gate::signal).get();

        assertOk(last);
    }

    @Test
    @DisplayName("H6: a million jobs over two queues, each submitted by the callback of the one before, on a small stack")
    void millionCallbacks() throws Exception {
        JobQueue<Object> a = open(new InlineDriver());
        JobQueue<Object> b = open(new InlineDriver());
        var left = new AtomicLong(1_000_000);
        var refused = new AtomicLong();
        var end = issuer("end");
        var next = new Runnable() {
            @Override
            public void run() {
                long now = left.decrementAndGet();
                PointFence fence = now == 0 ? null : (now % 2 == 0 ? a : b).trySubmitFence("job");
                if (fence != null) {
                    fence.onDone(this);
                } else {
                    refused.set(now);
                    end.signal();
                }
            }
        };
        onSmallStack(next::run).get();
        assertOk(end.fence());
        assertThat(refused).hasValue(0);
    }

    @Test
    @DisplayName("H6: callbacks that signal and submit nest nothing")
    void callbackChain() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        var inside = new AtomicInteger();
        var deepest = new AtomicInteger();
        var issuers = new ArrayList<FenceIssuer>();
        for (int i = 0; i < 10_000; i++) {
            issuers.add(issuer("link"));
        }
        for (int i = 0; i < 10_000; i++) {
            int next = i + 1;
            issuers.get(i).fence().onDone(() -> {
                deepest.accumulateAndGet(inside.incrementAndGet(), Math::max);
                queue.trySubmit("job");
                if (next < 10_000) {
                    issuers.get(next).signal();
                }
                inside.decrementAndGet();
            });
        }
        onSmallStack(issuers.getFirst()::signal).get();
        // A borrowed thread does a bounded part of it; the rest goes on on a thread of the runtime.
        assertOk(issuers.getLast().fence());
        queue.close();
        assertThat(deepest).hasValue(1);
    }

    private static FutureTask<Void> onSmallStack(Body body) {
        var task = new FutureTask<Void>(() -> {
            body.run();
            return null;
        });
        var thread = new Thread(null, task, "small stack", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
