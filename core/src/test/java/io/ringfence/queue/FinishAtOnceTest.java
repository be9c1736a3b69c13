package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;

import io.ringfence.driver.Completions;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Inputs that are complete on their device, and that nobody has noticed: the job that names them has their queue look. */
class FinishAtOnceTest extends QueueTestBase {

    private final ManualDriver producing = new ManualDriver();
    private final InlineDriver consuming = new InlineDriver();

    @Test
    @DisplayName("a job whose input is complete on its device is run at once, without an interrupt")
    void runsAtOnce() throws Exception {
        JobQueue<Object> producer = open(producing);
        JobQueue<Object> consumer = open(consuming);
        PointFence input = producer.submit("input");
        producing.finishQuietlyThrough(1);

        PointFence job = consumer.submit("job", input);

        assertThat(input.outcome()).isEqualTo(Outcome.OK);
        assertOk(job);
        assertThat(producing.armings).as("nobody had to be told").isEmpty();
    }

    @Test
    @DisplayName("of several inputs each queue looks, up to the first that is not complete")
    void severalInputs() throws Exception {
        var second = new ManualDriver();
        JobQueue<Object> producer = open(producing);
        JobQueue<Object> other = open(second);
        JobQueue<Object> consumer = open(consuming);
        PointFence first = producer.submit("input");
        PointFence last = other.submit("input");
        producing.finishQuietlyThrough(1);

        PointFence job = consumer.submit("job", first, last);

        assertThat(first.outcome()).isEqualTo(Outcome.OK);
        assertThat(job.isDone()).isFalse();
        second.finishThrough(1);
        assertOk(job);
    }

    @Test
    @DisplayName("a job of an out-of-order device that names an earlier one of its own queue")
    void ownInput() throws Exception {
        var device = new ManualDriver() {
            @Override
            public boolean executesInOrder() {
                return false;
            }
        };
        JobQueue<Object> queue = open(device);
        PointFence first = queue.submit("first");
        device.finishQuietlyThrough(1);

        PointFence second = queue.submit("second", first);

        assertThat(first.outcome()).isEqualTo(Outcome.OK);
        assertThat(device.ran).containsExactly(1L, 2L);
        device.finishThrough(2);
        assertOk(second);
    }

    /** Its second job grants what the consumer's run waits for. */
    private static class Granting extends ManualDriver {
        final CountDownLatch granted = new CountDownLatch(1);
        boolean isInputComplete;

        @Override
        void started(long seqno, Object payload) throws Exception {
            super.started(seqno, payload);
            if (seqno == 2) {
                granted.countDown();
            }
        }
    }

    /** Its runs return when that was granted. */
    private static InlineDriver waiting(Granting device, boolean mayBlock) {
        return new InlineDriver() {
            @Override
            public boolean mayBlock() {
                return mayBlock;
            }

            @Override
            void started(long seqno, Object payload) throws Exception {
                device.granted.await();
                super.started(seqno, payload);
            }
        };
    }

    /** A job whose input is complete, on a queue whose next job waits for credits. */
    private PointFence afterInput(Granting device, JobQueue<Object> producer, JobQueue<Object> consumer)
            throws Exception {
        PointFence input = producer.submit("input");
        var _ = producer.submit("waits for credits");
        device.finishQuietlyThrough(1);
        device.isInputComplete = true;
        return consumer.submit("job", input);
    }

    @Test
    @DisplayName("H13: who waits for the producer's credits has them before the job is run, though its run does not return")
    void othersComeFirst() throws Exception {
        var device = new Granting();
        JobQueue<Object> producer = open(device, options("producer").withCredits(1));
        JobQueue<Object> consumer = open(waiting(device, true));

        assertOk(afterInput(device, producer, consumer));
    }

    @Test
    @DisplayName("H13: they have them also if others submit to the consumer meanwhile")
    void othersComeFirstBesideNews() throws Exception {
        var submitters = new ArrayList<Thread>();
        var consumers = new ArrayList<JobQueue<Object>>();
        var device = new Granting() {
            @Override
            void report(Completions completions) {
                super.report(completions);
                if (submitters.isEmpty() && isInputComplete) {
                    Thread submitter = new Thread(() -> consumers.getFirst().trySubmit("another"));
                    submitters.add(submitter);
                    submitter.start();
                    join(submitter);
                }
            }
        };
        JobQueue<Object> producer = open(device, options("producer").withCredits(1));
        JobQueue<Object> consumer = open(waiting(device, false));
        consumers.add(consumer);

        PointFence job = afterInput(device, producer, consumer);

        assertThat(submitters).hasSize(1);
        assertOk(job);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("an input that failed on its device fails the job, and those who wait for it are told")
    void failedInput() throws Exception {
        JobQueue<Object> producer = open(producing);
        JobQueue<Object> consumer = open(consuming);
        PointFence input = producer.submit("input");
        var told = new CountDownLatch(1);
        input.onDone(told::countDown);
        producing.fail(1, new IllegalStateException("bad"));

        PointFence job = consumer.submit("job", input);

        told.await();
        assertThat(job.await()).isEqualTo(Outcome.FAILED);
        assertThat(input.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    @DisplayName("H13: a producer that was closed ends when its last job is finished for another queue")
    void lastOfAClosedQueue() throws Exception {
        JobQueue<Object> producer = open(producing);
        JobQueue<Object> consumer = open(consuming);
        PointFence input = producer.submit("input");
        var end = producer.startClose();
        producing.finishQuietlyThrough(1);

        PointFence job = consumer.submit("job", input);

        assertOk(job);
        assertOk(end);
    }
}
