package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two queues whose jobs have waited for each other on their devices, all along, are finished in step. */
class LockstepTest extends QueueTestBase {

    /** Of one queue; several times as many as there are steps in a row. */
    private static final int LINKS = 3 * Lockstep.STEPS;

    private final ManualDriver first = new ManualDriver();
    private final ManualDriver second = new ManualDriver();
    private JobQueue<Object> left;
    private JobQueue<Object> right;

    @BeforeEach
    void open() {
        first.waits = true;
        second.waits = true;
        left = open(first, options("left").withCapacity(1024).withCredits(1024).withSignalTimes(true));
        right = open(second, options("right").withCapacity(1024).withCredits(1024).withSignalTimes(true));
    }

    /** A chain that goes to and fro, with so many jobs that name nothing before each link. */
    private List<PointFence> chain(int free) throws InterruptedException {
        List<PointFence> jobs = new ArrayList<>();
        PointFence last = left.submit("head");
        jobs.add(last);
        for (int i = 1; i < 2 * LINKS; i++) {
            JobQueue<Object> queue = (i & 1) != 0 ? right : left;
            for (int j = 0; j < free; j++) {
                jobs.add(queue.submit("free"));
            }
            last = queue.submit("link", last);
            jobs.add(last);
        }
        return jobs;
    }

    @Test
    @DisplayName("H10: who waits for links of a long chain is told in its order")
    void callbacksComeInTheOrderOfTheChain() throws Exception {
        List<PointFence> chain = chain(0);
        List<PointFence> told = Collections.synchronizedList(new ArrayList<>());
        chain.forEach(link -> {
            var _ = link.onDone(() -> told.add(link));
        });
        var last = new CountDownLatch(1);
        var _ = chain.getLast().onDone(last::countDown);
        first.finishQuietlyThrough(LINKS);
        second.finishQuietlyThrough(LINKS);

        right.timeline().poll();

        spinUntilDone(chain.getLast());
        last.await();
        assertThat(told).containsExactlyElementsOf(chain);
        assertThat(chain).allMatch(job -> job.outcome() == Outcome.OK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("H10: who waits for links of one queue only is told in their order, and none is left out")
    void onlyOneQueueIsWaitedFor(boolean isFirst) throws Exception {
        List<PointFence> chain = chain(0);
        List<PointFence> waited = new ArrayList<>();
        for (int i = isFirst ? 0 : 1; i < chain.size(); i += 2) {
            waited.add(chain.get(i));
        }
        List<PointFence> told = Collections.synchronizedList(new ArrayList<>());
        waited.forEach(link -> {
            var _ = link.onDone(() -> told.add(link));
        });
        var last = new CountDownLatch(1);
        var _ = waited.getLast().onDone(last::countDown);
        first.finishQuietlyThrough(LINKS);
        second.finishQuietlyThrough(LINKS);

        right.timeline().poll();

        spinUntilDone(chain.getLast());
        last.await();
        assertThat(told).containsExactlyElementsOf(waited);
        assertThat(chain).allMatch(job -> job.outcome() == Outcome.OK);
    }

    @Test
    @DisplayName("H10: the same for some of them only, with jobs between that name nothing")
    void someOfTheLinksAreWaitedFor() throws Exception {
        List<PointFence> chain = chain(2);
        List<PointFence> waited = new ArrayList<>();
        List<PointFence> told = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < chain.size(); i += 21) {
            PointFence link = chain.get(i);
            waited.add(link);
            var _ = link.onDone(() -> told.add(link));
        }
        var last = new CountDownLatch(1);
        var _ = waited.getLast().onDone(last::countDown);
        first.finishQuietlyThrough(3 * LINKS - 2);
        second.finishQuietlyThrough(3 * LINKS);

        right.timeline().poll();

        spinUntilDone(chain.getLast());
        last.await();
        assertThat(told).containsExactlyElementsOf(waited);
        assertThat(chain).allMatch(job -> job.outcome() == Outcome.OK);
    }

    @Test
    @DisplayName("H10: moments of signalling follow the chain")
    void momentsFollowTheChain() throws Exception {
        List<PointFence> chain = chain(0);
        first.finishQuietlyThrough(LINKS);
        second.finishQuietlyThrough(LINKS);

        right.timeline().poll();

        spinUntilDone(chain.getLast());
        assertThat(chain.stream().mapToLong(link -> link.signalTime().orElseThrow())).isSorted();
    }

    @Test
    @DisplayName("H11: of a chain that either device has told in part only that part is finished")
    void noneIsFinishedBeyondWhatIsTold() throws Exception {
        List<PointFence> chain = chain(0);
        first.finishQuietlyThrough(LINKS);
        second.finishQuietlyThrough(100);
        right.timeline().poll();
        spinUntilDone(chain.get(200));
        right.timeline().poll();
        assertThat(chain.stream().filter(PointFence::isDone)).containsExactlyElementsOf(chain.subList(0, 201));

        second.finishQuietlyThrough(150);
        right.timeline().poll();
        spinUntilDone(chain.get(300));
        right.timeline().poll();
        assertThat(chain.stream().filter(PointFence::isDone)).containsExactlyElementsOf(chain.subList(0, 301));

        second.finishQuietlyThrough(LINKS);
        right.timeline().poll();
        spinUntilDone(chain.getLast());
        assertThat(chain).allMatch(job -> job.outcome() == Outcome.OK);
        assertThat(chain).allMatch(PointFence::isDone);
    }

    @Test
    @DisplayName("H11: a link that fails in the middle fails all behind it, and none before")
    void failureRunsThroughTheRest() throws Exception {
        FailureCursor ofLeft = left.timeline().failureCursor();
        FailureCursor ofRight = right.timeline().failureCursor();
        List<PointFence> chain = chain(0);
        int bad = 71;
        first.fail(bad, new Exception("broken"));
        first.finishQuietlyThrough(LINKS);
        second.finishQuietlyThrough(LINKS);

        right.timeline().poll();

        spinUntilDone(chain.getLast());
        assertThat(LongStream.rangeClosed(1, LINKS).filter(ofLeft::isOk)).hasSize(bad - 1);
        assertThat(LongStream.rangeClosed(1, LINKS).filter(ofRight::isOk)).hasSize(bad - 1);
        assertThat(failureOf(chain.getLast())).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(failureOf(chain.get(2 * (bad - 1)))).isInstanceOf(Failure.DriverError.class);
    }

    @Test
    @DisplayName("H15: a budget that one of the two queues has with others gets back all that the chain has cost")
    void sharedCreditsComeBack() throws Exception {
        CreditBudget budget = CreditBudget.create("shared", 4 * LINKS);
        var third = new ManualDriver();
        third.waits = true;
        JobQueue<Object> sharing =
                open(third, options("sharing").withCapacity(1024).withCredits(1024).withBudget(budget));
        PointFence last = left.submit("head");
        for (int i = 1; i < 2 * LINKS; i++) {
            last = (i & 1) != 0 ? sharing.submit("link", last) : left.submit("link", last);
        }
        first.finishQuietlyThrough(LINKS);
        third.finishQuietlyThrough(LINKS);

        left.timeline().poll();

        spinUntilDone(last);
        assertThat(budget.available()).isEqualTo(4 * LINKS);
    }

    @Test
    @DisplayName("H13: what waited for credits is run as soon as they have come back")
    void creditsComeBack() throws Exception {
        var device = new ManualDriver();
        device.waits = true;
        JobQueue<Object> narrow = open(device, options("narrow").withCredits(10));
        PointFence last = narrow.submit("head");
        for (int i = 1; i < 20; i++) {
            last = (i & 1) != 0 ? right.submit("link", last) : narrow.submit("link", last);
        }
        PointFence wide = narrow.submit(10);
        device.finishQuietlyThrough(10);
        second.finishQuietlyThrough(10);
        assertThat(device.ran).hasSize(10);

        right.timeline().poll();

        assertThat(last.isDone()).isTrue();
        assertThat(device.ran).hasSize(11);
        assertThat(wide.isDone()).isFalse();
    }
}
