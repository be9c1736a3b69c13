package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Result;

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

    @Test
    @DisplayName("H10: the same for jobs without fences: none is finished whose input is not")
    void oneLookFinishesAChainOfPoints() {
        FailureCursor ofProducer = producer.timeline().failureCursor();
        FailureCursor ofConsumer = consumer.timeline().failureCursor();
        long last = producer.trySubmit("first");
        for (int i = 1; i < 32; i++) {
            last = (i & 1) != 0 ? consumer.trySubmit("link", ofProducer, last)
                    : producer.trySubmit("link", ofConsumer, last);
        }
        first.finishQuietlyThrough(7);
        second.finishQuietlyThrough(16);

        consumer.timeline().poll();

        assertThat(producer.timeline().signaled()).isEqualTo(7);
        assertThat(consumer.timeline().signaled()).isEqualTo(7);
        assertThat(ofConsumer.isOk(7)).isTrue();
    }

    @Test
    @DisplayName("H10: an input that has failed fails what waited for it on the device, and all behind it")
    void failureRunsThroughAChainOfPoints() {
        FailureCursor ofProducer = producer.timeline().failureCursor();
        FailureCursor ofConsumer = consumer.timeline().failureCursor();
        var _ = producer.trySubmit("ok");
        var _ = producer.trySubmit("bad");
        var _ = consumer.trySubmit("after ok", ofProducer, 1);
        var _ = consumer.trySubmit("after bad", ofProducer, 2);
        var _ = producer.trySubmit("last", ofConsumer, 2);
        first.fail(2, broken);
        first.finishQuietlyThrough(3);
        second.finishQuietlyThrough(2);

        consumer.timeline().poll();
        producer.timeline().poll();

        assertThat(producer.timeline().signaled()).isEqualTo(3);
        assertThat(ofConsumer.failure(1)).isNull();
        assertThat(ofConsumer.failure(2)).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(ofProducer.failure(3)).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    @DisplayName("H8: a job that has waited on the device gives its result")
    void resultAfterAnInput() throws Exception {
        PointFence input = producer.submit("input");
        Result<String> output = consumer.submitFor("output", payload -> "read " + payload, input);
        first.finishQuietlyThrough(1);
        second.finishQuietlyThrough(1);

        consumer.timeline().poll();

        assertThat(output.await()).isEqualTo("read output");
    }

    @Test
    @DisplayName("H10: of two inputs, one of them done before the job was handed over, the other is waited for")
    void secondOfTwoInputs() throws Exception {
        var third = new ManualDriver();
        third.waits = true;
        JobQueue<Object> other = open(third);
        var narrowDevice = new ManualDriver();
        narrowDevice.waits = true;
        JobQueue<Object> narrow = open(narrowDevice, options("narrow").withCredits(1));
        PointFence one = producer.submit("one");
        PointFence two = other.submit("two");
        PointFence front = narrow.submit("front");
        PointFence output = narrow.submit("output", one, two);
        first.finishQuietlyThrough(1);
        producer.timeline().poll();
        assertThat(one.isDone()).isTrue();
        narrowDevice.finishQuietlyThrough(1);
        narrow.timeline().poll();
        assertThat(front.isDone()).isTrue();
        assertThat(narrowDevice.ran).containsExactly(1L, 2L);
        narrowDevice.finishQuietlyThrough(2);

        narrow.timeline().poll();

        assertThat(output.isDone()).as("before its second input").isFalse();
        third.finishQuietlyThrough(1);
        narrow.timeline().poll();
        other.timeline().poll();
        assertThat(output.isDone()).isTrue();
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
