package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class AnyAllTest {
    private final FenceIssuer a = FenceIssuer.create("a");
    private final FenceIssuer b = FenceIssuer.create("b");
    private final FenceIssuer c = FenceIssuer.create("c");
    private final FenceIssuer never = FenceIssuer.create("never");
    private final Failure bad = new Failure.DeviceLost("unplugged");

    private final TimelineState state = new TimelineState(16);
    private final Timeline timeline = new Timeline("copies", state);

    @AfterEach
    void settle() {
        List.of(a, b, c, never).forEach(FenceIssuer::signal);
    }

    private PointFence point(long seqno) {
        PointFence fence = new PointFence(timeline);
        fence.claimed(seqno);
        return fence;
    }

    private void advance(long through) {
        long from = state.signaledPlain();
        state.signaledVolatile(through);
        DeferredList due = new DeferredList();
        state.sweep(from, through, due);
        Deferred.run(due.take());
    }

    // ---- what is made of what was named

    @Test
    void allOfNothingIsSignalledAndAnyOfNothingIsRefused() {
        assertThat(Fences.allOf()).isSameAs(Fences.signalled());
        assertThat(Fences.allOf(List.of())).isSameAs(Fences.signalled());
        assertThatThrownBy(() -> Fences.anyOf()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fences.anyOf(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Fences.awaitAny(List.of(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneFenceStandsForItself() {
        assertThat(Fences.allOf(a.fence())).isSameAs(a.fence());
        assertThat(Fences.anyOf(a.fence())).isSameAs(a.fence());
        assertThat(Fences.allOf(a.fence(), Fences.signalled())).isSameAs(a.fence());
    }

    @Test
    void aFenceNamedTwiceCountsOnce() {
        assertThat(Fences.allOf(a.fence(), a.fence())).isSameAs(a.fence());
        assertThat(Fences.anyOf(a.fence(), a.fence())).isSameAs(a.fence());
        assertThat(Fences.allOf(a.fence(), b.fence(), a.fence()).leaves()).hasSize(2);
        assertThat(Fences.anyOf(a.fence(), b.fence(), a.fence()).leaves()).containsExactly(a.fence(), b.fence());
    }

    @Test
    void allOfAllAndAnyOfAnyAreFlat() {
        Fence all = Fences.allOf(Fences.allOf(a.fence(), b.fence()), Fences.allOf(b.fence(), c.fence()));
        assertThat(all.leaves()).containsExactlyInAnyOrder(a.fence(), b.fence(), c.fence());
        assertThat(all.isGroupOfAll()).isTrue();
        Fence any = Fences.anyOf(Fences.anyOf(a.fence(), b.fence()), Fences.anyOf(b.fence(), c.fence()));
        assertThat(any.leaves()).containsExactly(a.fence(), b.fence(), c.fence());
        assertThat(any.isGroupOfAll()).isFalse();
    }

    @Test
    void aFenceThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> Fences.allOf(a.fence(), null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Fences.anyOf(a.fence(), null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void allOfWhatIsSignalledHasTheLatestTime() {
        Fence all = Fences.allOf(Fences.signalledAt(5), Fences.signalledAt(9), Fences.signalledAt(7));
        assertThat(all.outcome()).isEqualTo(Outcome.OK);
        assertThat(all.signalTime()).hasValue(9);
    }

    // ---- outcomes

    @Test
    void allOfIsDoneWithItsLastLeaf() {
        FenceIssuer last = FenceIssuer.createTimed("last");
        Fence all = Fences.allOf(last.fence(), b.fence());
        var calls = new AtomicInteger();
        all.onDone(calls::incrementAndGet);
        b.signal();
        assertThat(all.isDone()).isFalse();
        assertThat(calls).hasValue(0);
        last.signal();
        assertThat(calls).hasValue(1);
        assertThat(all.outcome()).isEqualTo(Outcome.OK);
        assertThat(all.signalTime()).as("one of them has not noted it").isEmpty();
        assertThat(Fences.anyOf(last.fence(), b.fence()).signalTime()).isEqualTo(last.fence().signalTime()).isPresent();
    }

    @Test
    void aFailedLeafFailsTheWholeByNameWhenTheOthersAreDone() {
        Fence waited = Fences.allOf(a.fence(), b.fence());
        Fence polled = Fences.allOf(a.fence(), b.fence());
        waited.enableSignalling();
        a.fail(new Failure.DependencyFailed("upload#1:5", bad));
        assertThat(waited.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(polled.outcome()).isEqualTo(Outcome.PENDING);
        b.signal();
        var expected = new Failure.DependencyFailed("a", bad);
        assertThat(waited.failure()).isEqualTo(expected);
        assertThat(polled.failure()).isEqualTo(expected);
        assertThat(Fences.allOf(waited, c.fence()).leaves()).contains(c.fence(), a.fence());
    }

    @Test
    @DisplayName("H1: the failure of an earlier point is not lost when only the later one is waited for")
    void earlierPointFailed() {
        PointFence first = point(1);
        PointFence second = point(2);
        Fence waited = Fences.allOf(second, first);
        Fence polled = Fences.allOf(first, second);
        waited.enableSignalling();
        first.failed(bad);
        advance(1);
        assertThat(waited.outcome()).isEqualTo(Outcome.PENDING);
        advance(2);
        var expected = new Failure.DependencyFailed(first.toString(), bad);
        assertThat(waited.failure()).isEqualTo(expected);
        assertThat(polled.failure()).isEqualTo(expected);
        assertThat(second.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("H1: nor when it has failed before the all-of is made")
    void earlierPointFailedBefore() {
        PointFence first = point(1);
        first.failed(bad);
        advance(1);
        Fence all = Fences.allOf(first, point(2));
        assertThat(all.outcome()).isEqualTo(Outcome.PENDING);
        advance(2);
        assertThat(all.failure()).isEqualTo(new Failure.DependencyFailed(first.toString(), bad));
    }

    @Test
    void anyOfTakesTheOutcomeOfTheFirst() {
        Fence ok = Fences.anyOf(a.fence(), b.fence());
        ok.enableSignalling();
        b.signal();
        a.fail(bad);
        assertThat(ok.outcome()).isEqualTo(Outcome.OK);

        Fence failed = Fences.anyOf(never.fence(), c.fence());
        failed.enableSignalling();
        c.fail(bad);
        assertThat(failed.failure()).isEqualTo(new Failure.DependencyFailed("c", bad));
    }

    @Test
    void askingSettlesAndFires() {
        Fence all = Fences.allOf(a.fence(), b.fence());
        Fence any = Fences.anyOf(a.fence(), b.fence());
        a.signal();
        assertThat(any.isDone()).isTrue();
        b.fail(bad);
        assertThat(any.outcome()).as("stays as it was found").isEqualTo(Outcome.OK);
        assertThat(all.isDone()).isTrue();
        assertThat(all.failure()).isEqualTo(new Failure.DependencyFailed("b", bad));
        var calls = new AtomicInteger();
        all.onDone(calls::incrementAndGet);
        any.onDone(calls::incrementAndGet);
        assertThat(calls).hasValue(2);
    }

    @Test
    void anAllOfFoundDoneByAskingFiresItsWaiters() {
        Fence all = Fences.allOf(a.fence(), b.fence());
        var calls = new AtomicInteger();
        var seen = new ArrayList<Integer>();
        all.onDone(calls::incrementAndGet);
        a.signal();
        // Inside a callback what hangs on the all-of is put off, however it came to be settled.
        FenceIssuer other = FenceIssuer.create("other");
        other.fence().onDone(() -> {
            b.signal();
            seen.add(all.isDone() ? 1 : 0);
            seen.add(calls.get());
        });
        other.signal();
        assertThat(seen).as("done, and nothing was called inside").containsExactly(1, 0);
        assertThat(calls).hasValue(1);
    }

    // ---- waiting for several

    @Test
    void awaitAnyTellsTheLowestIndexThatIsDone() throws Exception {
        List<Fence> fences = List.of(a.fence(), b.fence(), c.fence());
        c.signal();
        assertThat(Fences.awaitAny(fences, Duration.ofHours(1))).isEqualTo(2);
        b.fail(bad);
        assertThat(Fences.awaitAny(fences, Duration.ZERO)).as("failed is done").isEqualTo(1);
    }

    @Test
    void awaitAnyIsWokenByOneOfThem() throws Exception {
        var answers = new ArrayList<Integer>();
        Thread waiter = FenceTest.waiting(
                () -> answers.add(Fences.awaitAny(List.of(a.fence(), b.fence()), Duration.ofHours(1))));
        b.signal();
        waiter.join();
        assertThat(answers).containsExactly(1);
        assertThat(Linked.on(a.fence())).isZero();
    }

    @Test
    void awaitAllIsWokenByTheLast() throws Exception {
        var answers = new ArrayList<Boolean>();
        Thread waiter = FenceTest.waiting(
                () -> answers.add(Fences.awaitAll(List.of(a.fence(), b.fence()), Duration.ofHours(1))));
        b.fail(bad);
        a.signal();
        waiter.join();
        assertThat(answers).containsExactly(true);
        assertThat(Fences.awaitAll(List.of(), Duration.ZERO)).isTrue();
    }

    @Test
    @DisplayName("H20: what timed out or was interrupted leaves nothing registered")
    void nothingIsLeftAfterATimeout() throws Exception {
        PointFence pending = point(1);
        List<Fence> fences = List.of(a.fence(), pending, b.fence());
        assertThat(Fences.awaitAny(fences, Duration.ofNanos(1))).isEqualTo(-1);
        assertThat(Fences.awaitAny(fences, Duration.ZERO)).isEqualTo(-1);
        assertThat(Fences.awaitAll(fences, Duration.ofNanos(1))).isFalse();
        assertThat(Fences.awaitAll(fences, Duration.ZERO)).isFalse();
        var thrown = new ArrayList<Throwable>();
        for (Thread waiter : List.of(
                FenceTest.waiting(() -> thrown.add(catchThrowable(() -> Fences.awaitAny(fences, FOREVER)))),
                FenceTest.waiting(() -> thrown.add(catchThrowable(() -> Fences.awaitAll(fences, FOREVER)))))) {
            waiter.interrupt();
            waiter.join();
        }
        assertThat(thrown).hasSize(2).allSatisfy(e -> assertThat(e).isInstanceOf(InterruptedException.class));

        assertThat(undecidedOn(a.fence())).isZero();
        assertThat(undecidedOn(b.fence())).isZero();
        assertThat(state.waitersVolatile().anyVolatile()).isFalse();
    }

    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** Two that overlapped may have left a decided waiter under the other's; the next one takes it off. */
    private static int undecidedOn(Fence fence) throws Exception {
        assertThat(fence.await(Duration.ofNanos(1))).isEqualTo(Outcome.PENDING);
        return Linked.on(fence);
    }

    @Test
    @Tag("slow")
    @DisplayName("H20: the losers of any-ofs gather no waiters, whoever signals them")
    void losersAreDeregistered() throws Exception {
        int rounds = 100_000;
        PointFence longLived = point(1);
        var calls = new AtomicInteger();
        for (int i = 0; i < rounds; i++) {
            FenceIssuer other = FenceIssuer.create("other");
            Fences.anyOf(a.fence(), other.fence(), longLived).onDone(calls::incrementAndGet);
            other.signal();
        }
        assertThat(calls).hasValue(rounds);
        assertThat(Linked.on(a.fence())).isLessThanOrEqualTo(1);
        assertThat(state.waitersVolatile().anyVolatile()).isFalse();

        // Under somebody who stays they cannot all be unlinked at once.
        for (int i = 0; i < 10; i++) {
            a.fence().onDone(calls::incrementAndGet);
            for (int j = 0; j < 1_000; j++) {
                FenceIssuer first = FenceIssuer.create("first");
                FenceIssuer second = FenceIssuer.create("second");
                Fences.anyOf(a.fence(), first.fence()).onDone(calls::incrementAndGet);
                Fences.anyOf(a.fence(), second.fence()).onDone(calls::incrementAndGet);
                first.signal();
                second.signal();
            }
        }
        assertThat(Linked.on(a.fence())).isLessThanOrEqualTo(140);
        a.signal();
        assertThat(calls).hasValue(rounds + 20_010);
    }

    // ---- many, and deep

    @Test
    @Tag("slow")
    void allOfAHundredThousandLeaves() throws Exception {
        List<FenceIssuer> issuers = issuers(100_000);
        List<Fence> fences = issuers.stream().map(FenceIssuer::fence).toList();
        Fence all = Fences.allOf(fences);
        assertThat(all.isDone()).isFalse();
        Thread waiter = FenceTest.waiting(all::awaitOk);
        for (int i = issuers.size() - 1; i > 0; i--) {
            issuers.get(i).signal();
        }
        assertThat(all.isDone()).isFalse();
        assertThat(all.toString()).hasSizeLessThan(200).contains("100000");
        issuers.getFirst().signal();
        waiter.join();
        assertThat(all.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @Tag("slow")
    void allOfAHundredThousandLeavesThatIsOnlyAsked() {
        List<FenceIssuer> issuers = issuers(100_000);
        Fence all = Fences.allOf(issuers.stream().map(FenceIssuer::fence).toList());
        int done = 0;
        for (FenceIssuer issuer : issuers) {
            done += all.isDone() ? 1 : 0;
            issuer.signal();
        }
        assertThat(done).isZero();
        assertThat(all.isDone()).isTrue();
    }

    @Test
    @Tag("slow")
    void anyOfAHundredThousandLeaves() throws Exception {
        List<FenceIssuer> issuers = issuers(100_000);
        Fence any = Fences.anyOf(issuers.stream().map(FenceIssuer::fence).toList());
        Thread waiter = FenceTest.waiting(any::await);
        for (int i = 0; i < 100_000; i++) {
            assertThat(any.isDone()).isFalse();
        }
        issuers.getLast().fail(bad);
        waiter.join();
        assertThat(any.failure()).isEqualTo(new Failure.DependencyFailed(issuers.getLast().fence().toString(), bad));
        for (FenceIssuer issuer : issuers) {
            assertThat(Linked.on(issuer.fence())).isZero();
            issuer.signal();
        }
    }

    private static List<FenceIssuer> issuers(int count) {
        return IntStream.range(0, count).mapToObj(i -> FenceIssuer.create("leaf " + i)).toList();
    }

    @Test
    void theTimeOfAnyOfIsTheEarliestThatIsKnown() {
        Fence early = Fences.signalledAt(5);
        Fence late = Fences.signalledAt(9);
        Fence never = FenceIssuer.create("never").fence();
        assertThat(Fences.anyOf(List.of(early, late, never)).signalTime()).hasValue(5);
        assertThat(Fences.anyOf(List.of(late, never, early)).signalTime()).hasValue(5);
    }

    @Test
    void aGroupNamesTheFirstThreeOfItsFences() {
        Fence[] named = new Fence[4];
        for (int i = 0; i < named.length; i++) {
            named[i] = new SignalledFence("f" + i, null);
        }
        assertThat(Fences.anyOf(List.of(named[0], named[1]))).hasToString("any of 2 fences (f0, f1)");
        assertThat(Fences.allOf(List.of(named[0], named[1], named[2]))).hasToString("all of 3 fences (f0, f1, f2)");
        assertThat(Fences.anyOf(List.of(named))).hasToString("any of 4 fences (f0, f1, f2, …)");
        assertThat(Fences.anyOf(List.of(named[0], Fences.allOf(List.of(named[1], named[2])))))
                .hasToString("any of 2 fences (f0, a group of 2)");
    }
}
