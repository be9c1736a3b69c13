package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel's self-tests of {@code dma_fence_chain}: chain node i is point i + 1 of a sync object unless a test says else. */
@Timeout(180)
class FenceChainSelfTest {
    private static final int SHORT = 64;
    private static final int LONG = 4096;

    private SyncObject object = SyncObject.create("chain");
    /** What the points stand for, and the points themselves. */
    private final List<SignalledFence> leaves = new ArrayList<>();
    private final List<Fence> points = new ArrayList<>();

    private Fence link(long point) {
        SignalledFence leaf = new SignalledFence("leaf " + point, null);
        leaves.add(leaf);
        Fence added = object.add(point, leaf);
        points.add(added);
        return added;
    }

    private void links(int count, IntToLongFunction point) {
        IntStream.range(0, count).forEach(i -> link(point.applyAsLong(i)));
    }

    private void links(int count) {
        links(count, i -> i + 1);
    }

    private void signal(int leaf) {
        assertThat(leaves.get(leaf).settle(null)).isTrue();
    }

    private static Failure bad(long number) {
        return new Failure.Cancelled("bad " + number);
    }

    // ---- finding

    @Test
    @DisplayName("dma_fence_chain: sanitycheck")
    void aChainOfOneLinkIsDoneWhenItsLeafIs() {
        Fence point = link(1);
        point.enableSignalling();
        assertThat(point.outcome()).isEqualTo(Outcome.PENDING);
        signal(0);
        assertThat(point.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("dma_fence_chain: find_seqno")
    void everySeqnoUpToTheLastIsFoundAndNoneAfterIt() {
        for (int i = 0; i < SHORT; i++) {
            int last = i + 1;
            Fence added = link(last);
            assertThat(object.find(0)).isSameAs(added);
            assertThat(object.find(last)).isSameAs(added);
            assertThat(object.find(last + 1)).isNull();
            assertThatThrownBy(() -> object.fence(last + 1)).isInstanceOf(NotSubmittedException.class)
                    .hasMessageContaining("point " + (last + 1)).hasMessageContaining("chain")
                    .hasMessageContaining("the last is " + last);
            if (i > 0) {
                assertThat(object.find(i)).isSameAs(points.get(i - 1));
            }
        }
        for (int i = 0; i < SHORT; i++) {
            assertThat(object.fence(i + 1)).isSameAs(points.get(i));
        }
    }

    @Test
    @DisplayName("dma_fence_chain: find_signaled")
    void aSignalledLinkIsFoundDone() {
        links(2);
        signal(0);
        assertThat(object.fence(1).outcome()).isEqualTo(Outcome.OK);
        assertThat(object.fence(2)).isSameAs(points.get(1));
        assertThat(points.get(1).isDone()).isFalse();
    }

    @Test
    @DisplayName("dma_fence_chain: find_out_of_order")
    void aLinkSignalledOutOfOrderIsFoundPendingUntilTheOneBeforeItIs() {
        links(3);
        signal(1);
        assertThat(object.fence(2).outcome()).isEqualTo(Outcome.PENDING);
        assertThat(object.query()).isZero();
        signal(0);
        assertThat(object.fence(2).outcome()).isEqualTo(Outcome.OK);
        assertThat(object.fence(3).outcome()).isEqualTo(Outcome.PENDING);
        assertThat(object.query()).isEqualTo(2);
    }

    @Test
    @DisplayName("dma_fence_chain: find_gap")
    void aSeqnoInAGapMeansTheNextLink() {
        links(SHORT, i -> 2L * i + 2);
        for (int i = 0; i < SHORT; i++) {
            assertThat(object.find(2 * i + 1)).isSameAs(points.get(i));
            assertThat(object.find(2 * i + 2)).isSameAs(points.get(i));
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("dma_fence_chain: find_race")
    void findingBesideSignallingAlwaysFindsWhatCoversTheSeqno() throws Exception {
        links(LONG);
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int cpu = 0; cpu < Math.max(2, Runtime.getRuntime().availableProcessors()); cpu++) {
            var random = new SplittableRandom(cpu);
            threads.add(TestThreads.start("finder " + cpu, () -> {
                for (int round = 0; round < 20_000; round++) {
                    findOne(1 + random.nextInt(LONG));
                    if (round % 5 == 0) {
                        settle(random.nextInt(LONG));
                    }
                }
            }));
        }
        TestThreads.join(threads);

        IntStream.range(0, LONG).forEach(this::settle);
        assertThat(object.query()).isEqualTo(LONG);
        for (int i = 0; i < LONG; i++) {
            assertThat(points.get(i).failure()).isEqualTo(failureOf(i));
            assertThat(object.fence(i + 1).failure()).isEqualTo(failureOf(i));
        }
    }

    private void findOne(int seqno) {
        Fence found = object.fence(seqno);
        if (found instanceof SyncPoint point) {
            assertThat(point.seqno()).isEqualTo(seqno);
        } else {
            assertThat(found.isDone()).isTrue();
            assertThat(object.query()).isGreaterThanOrEqualTo(seqno);
            assertThat(found.failure()).isEqualTo(failureOf(seqno - 1));
        }
    }

    private static Failure failureOf(int leaf) {
        return leaf % 100 == 7 ? bad(leaf) : null;
    }

    private void settle(int leaf) {
        leaves.get(leaf).settle(failureOf(leaf));
    }

    // ---- signalling

    @Test
    @DisplayName("dma_fence_chain: signal_forward")
    void signalledForwardsEachLinkIsDoneAtOnce() {
        links(SHORT);
        for (int i = 0; i < SHORT; i++) {
            assertThat(points.get(i).isDone()).isFalse();
            signal(i);
            assertThat(points.get(i).outcome()).isEqualTo(Outcome.OK);
            assertThat(object.query()).isEqualTo(i + 1);
        }
    }

    @Test
    @DisplayName("dma_fence_chain: signal_backward")
    void signalledBackwardsNoLinkIsDoneBeforeTheFirst() {
        links(SHORT);
        for (int i = SHORT - 1; i > 0; i--) {
            signal(i);
            assertThat(points.get(i).outcome()).isEqualTo(Outcome.PENDING);
            assertThat(object.query()).isZero();
        }
        signal(0);
        assertThat(points).allSatisfy(point -> assertThat(point.outcome()).isEqualTo(Outcome.OK));
        assertThat(object.query()).isEqualTo(SHORT);
    }

    @Test
    @DisplayName("dma_fence_chain: signal_backward, with somebody waiting for each link")
    void callbacksOfAChainSignalledBackwardsComeInTheOrderOfPoints() {
        links(SHORT);
        var calls = new ArrayList<Integer>();
        for (int i = SHORT - 1; i >= 0; i--) {
            int mine = i;
            points.get(i).onDone(() -> calls.add(mine));
        }
        for (int i = SHORT - 1; i >= 0; i--) {
            assertThat(calls).isEmpty();
            signal(i);
        }
        assertThat(calls).isEqualTo(IntStream.range(0, SHORT).boxed().toList());
    }

    @Test
    @DisplayName("dma_fence_chain: wait_forward")
    void aWaiterOnTheTailGoesOnWhenAllWereSignalledForwards() throws Exception {
        waitFor(IntStream.range(0, LONG).boxed().toList());
    }

    @Test
    @DisplayName("dma_fence_chain: wait_backward")
    void aWaiterOnTheTailGoesOnWhenAllWereSignalledBackwards() throws Exception {
        waitFor(IntStream.range(0, LONG).map(i -> LONG - 1 - i).boxed().toList());
    }

    @Test
    @DisplayName("dma_fence_chain: wait_random")
    void aWaiterOnTheTailGoesOnWhenAllWereSignalledInAnyOrder() throws Exception {
        List<Integer> order = new ArrayList<>(IntStream.range(0, LONG).boxed().toList());
        Collections.shuffle(order, new Random(1));
        waitFor(order);
    }

    private void waitFor(List<Integer> order) throws InterruptedException {
        links(LONG);
        var outcomes = Collections.synchronizedList(new ArrayList<Outcome>());
        Thread waiter = FenceTest.waiting(() -> outcomes.add(points.getLast().await()));
        for (int leaf : order) {
            assertThat(points.getLast().isDone()).isFalse();
            signal(leaf);
        }
        waiter.join();
        assertThat(outcomes).containsExactly(Outcome.OK);
    }

    // ---- failures

    @Test
    void aPointFailsForItsOwnLeafOnly() {
        links(4);
        leaves.get(2).settle(bad(2));
        assertThat(points.get(2).failure()).as("those before it are pending").isNull();
        leaves.get(0).settle(bad(0));
        signal(1);
        signal(3);
        assertThat(points).extracting(Fence::failure).containsExactly(bad(0), null, bad(2), null);
    }

    @Test
    void aFailureIsToldAfterThePointWasPassedAlsoForTheGapBeforeIt() {
        links(3, i -> 10L * (i + 1));
        signal(0);
        leaves.get(1).settle(bad(1));
        signal(2);
        assertThat(object.query()).isEqualTo(30);
        for (long point = 1; point <= 30; point++) {
            Failure expected = point > 10 && point <= 20 ? bad(1) : null;
            assertThat(object.fence(point).isDone()).isTrue();
            assertThat(object.fence(point).failure()).as("point " + point).isEqualTo(expected);
        }
        assertThat(object.fence(0).outcome()).as("everything is the last point").isEqualTo(Outcome.OK);
    }

    @Test
    void anOutcomeThatWasForgottenIsRefusedRatherThanToldOk() {
        int failed = SyncChain.REMEMBERED + 1;
        links(failed + 1, i -> 2L * i + 2);
        for (int i = 0; i < failed; i++) {
            leaves.get(i).settle(bad(i));
        }
        signal(failed);
        assertThat(object.query()).isEqualTo(2L * failed + 2);
        for (long forgotten = 1; forgotten <= 2; forgotten++) {
            long point = forgotten;
            assertThatThrownBy(() -> object.fence(point)).isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("point " + point).hasMessageContaining("chain")
                    .hasMessageContaining("keep its fence");
        }
        for (int i = 1; i < failed; i++) {
            assertThat(object.fence(2L * i + 1).failure()).isEqualTo(bad(i));
        }
        assertThat(object.fence(2L * failed + 2).outcome()).isEqualTo(Outcome.OK);
        assertThat(points.getFirst().failure()).as("a fence that was kept").isEqualTo(bad(0));
    }

    // ---- lifetime

    @Test
    @Tag("slow")
    void whoHoldsASettledPointHoldsNoneOfTheLaterOnesThatAreSettled() {
        links(SHORT);
        IntStream.range(0, SHORT).forEach(this::signal);
        assertThat(object.query()).isEqualTo(SHORT);
        Fence first = points.getFirst();
        List<WeakReference<Fence>> later = references(1, SHORT - 1);
        forget();
        object = SyncObject.create("another");
        later.forEach(TestThreads::awaitCollected);
        assertThat(first.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aChainHoldsNoSettledPointsButTheLast() {
        links(SHORT);
        for (int i = 0; i < SHORT; i++) {
            signal(i);
            assertThat(object.query()).isEqualTo(i + 1);
        }
        List<WeakReference<Fence>> settled = references(0, SHORT - 1);
        forget();
        settled.forEach(TestThreads::awaitCollected);
        assertThat(object.query()).isEqualTo(SHORT);
    }

    @Test
    @Tag("slow")
    void aChainOfPointsThatWereWaitedForHoldsNoneButTheLast() {
        links(SHORT);
        points.forEach(Fence::enableSignalling);
        for (int i = 0; i < SHORT; i++) {
            signal(i);
        }
        List<WeakReference<Fence>> settled = references(0, SHORT - 1);
        forget();
        settled.forEach(TestThreads::awaitCollected);
        assertThat(object.query()).isEqualTo(SHORT);
    }

    private List<WeakReference<Fence>> references(int from, int to) {
        return points.subList(from, to).stream().map(WeakReference::new).toList();
    }

    private void forget() {
        points.clear();
        leaves.clear();
    }
}
