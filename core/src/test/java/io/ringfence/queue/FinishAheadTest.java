package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A queue whose jobs have waited on the device for those of another one has that one finish them. */
class FinishAheadTest extends QueueTestBase {

    private final Exception broken = new Exception("broken");
    private final ManualDriver first = new ManualDriver();
    private final ManualDriver second = new ManualDriver();
    private JobQueue<Object> producer;
    private JobQueue<Object> consumer;

    @BeforeEach
    void open() {
        first.waits = true;
        second.waits = true;
        producer = open(first);
        consumer = open(second);
    }

    @Test
    @DisplayName("H10: one look finishes a chain over two queues, each job after its input")
    void oneLookFinishesAChain() throws Exception {
        PointFence last = producer.submit("first");
        List<PointFence> signalled = new CopyOnWriteArrayList<>();
        for (int i = 1; i < 32; i++) {
            PointFence link = (i & 1) != 0 ? consumer.submit("link", last) : producer.submit("link", last);
            var _ = link.onDone(() -> signalled.add(link));
            last = link;
        }
        first.finishQuietlyThrough(16);
        second.finishQuietlyThrough(16);
        long before = first.polls.get() + second.polls.get();

        consumer.timeline().poll();

        assertThat(signalled).hasSize(31);
        assertThat(signalled).as("callbacks come in the order of the chain")
                .isSortedAccordingTo((one, other) -> Long.compare(place(one), place(other)));
        assertThat(first.polls.get() + second.polls.get() - before).as("looks at the devices").isLessThan(8);
    }

    private long place(PointFence link) {
        return 2 * link.seqno() + (link.timelineId() == consumer.timeline().id() ? 1 : 0);
    }

    @Test
    @DisplayName("H3: a failure told before issued has moved is not lost when another queue has the job finished")
    void failureToldBesideRun() throws Exception {
        var insideFirst = new CountDownLatch(1);
        var leaveFirst = new CountDownLatch(1);
        var insideSecond = new CountDownLatch(1);
        var leaveSecond = new CountDownLatch(1);
        FutureTask<PointFence> submitter = new FutureTask<>(() -> producer.submit((Work) _ -> {
            insideFirst.countDown();
            leaveFirst.await();
        }));
        Thread.ofPlatform().daemon().start(submitter);
        insideFirst.await();
        var _ = producer.submit((Work) _ -> {
            insideSecond.countDown();
            leaveSecond.await();
        });
        first.fail(1, broken);
        first.finishQuietlyThrough(1);
        // Issued is 0 as yet: the failure is to be told again, the end of the job is known.
        producer.timeline().poll();
        leaveFirst.countDown();
        insideSecond.await();
        long waiting = consumer.trySubmit("after it", producer.timeline().failureCursor(), 1);
        second.finishQuietlyThrough(waiting);

        consumer.timeline().poll();

        leaveSecond.countDown();
        assertThat(failureOf(submitter.get())).isEqualTo(new Failure.DriverError(broken));
        assertThat(consumer.timeline().failureCursor().failure(waiting)).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    @DisplayName("H13: what a job of another queue gives back is given back at once, though the queue is not left yet")
    void creditsComeBack() throws Exception {
        var device = new ManualDriver();
        JobQueue<Object> narrow = open(device, options("narrow").withCredits(1));
        PointFence input = narrow.submit("input");
        PointFence next = narrow.submit("next");
        PointFence output = consumer.submit("output", input);
        device.finishQuietlyThrough(1);
        second.finishQuietlyThrough(1);

        consumer.timeline().poll();

        assertThat(output.isDone()).isTrue();
        assertThat(device.ran).containsExactly(1L, 2L);
        assertThat(next.isDone()).isFalse();
    }
}
