package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
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

    /** A chain that goes to and fro between the two queues, with so many jobs that name nothing before each link. */
    private List<PointFence> chain(int free) throws InterruptedException {
        return chain(left, right, LINKS, free);
    }

    private static List<PointFence> chain(JobQueue<Object> one, JobQueue<Object> other, int ofEach, int free)
            throws InterruptedException {
        List<PointFence> jobs = new ArrayList<>();
        PointFence last = one.submit("head");
        jobs.add(last);
        for (int i = 1; i < 2 * ofEach; i++) {
            JobQueue<Object> queue = (i & 1) != 0 ? other : one;
            for (int j = 0; j < free; j++) {
                jobs.add(queue.submit("free"));
            }
            last = queue.submit("link", last);
            jobs.add(last);
        }
        return jobs;
    }

    /** Has some jobs of a chain waited for, and all of it finished, so many jobs by either device. */
    private void requireToldInOrder(List<PointFence> chain, List<PointFence> waited, int byFirst, int bySecond)
            throws InterruptedException {
        List<PointFence> told = Collections.synchronizedList(new ArrayList<>());
        waited.forEach(link -> {
            var _ = link.onDone(() -> told.add(link));
        });
        var last = new CountDownLatch(1);
        var _ = waited.getLast().onDone(last::countDown);
        first.finishQuietlyThrough(byFirst);
        second.finishQuietlyThrough(bySecond);

        right.timeline().poll();

        spinUntilDone(chain.getLast());
        last.await();
        assertThat(told).containsExactlyElementsOf(waited);
        assertThat(chain).allMatch(job -> job.outcome() == Outcome.OK);
    }

    private static List<PointFence> every(int nth, int from, List<PointFence> chain) {
        return IntStream.iterate(from, i -> i < chain.size(), i -> i + nth).mapToObj(chain::get).toList();
    }

    @Test
    @DisplayName("H10: who waits for links of a long chain is told in its order")
    void callbacksComeInTheOrderOfTheChain() throws Exception {
        List<PointFence> chain = chain(0);
        requireToldInOrder(chain, chain, LINKS, LINKS);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @DisplayName("H10: who waits for links of one queue only is told in their order, and none is left out")
    void onlyOneQueueIsWaitedFor(int from) throws Exception {
        List<PointFence> chain = chain(0);
        requireToldInOrder(chain, every(2, from, chain), LINKS, LINKS);
    }

    @Test
    @DisplayName("H10: the same for some of them only, with jobs between that name nothing")
    void someOfTheLinksAreWaitedFor() throws Exception {
        List<PointFence> chain = chain(2);
        requireToldInOrder(chain, every(21, 0, chain), 3 * LINKS - 2, 3 * LINKS);
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
        PointFence last = chain(left, sharing, LINKS, 0).getLast();
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
        PointFence last = chain(narrow, right, 10, 0).getLast();
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
