package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;

import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Points of a timeline that the test advances as a queue's completion turn does. */
@Timeout(180)
class TimelineFenceTest {
    private final TimelineState state = new TimelineState(16);
    private final Timeline timeline = new Timeline("copy engine", state);

    private void advance(long through) {
        long from = state.signaledPlain();
        state.signaledVolatile(through);
        DeferredList due = new DeferredList();
        state.sweep(from, through, due);
        Deferred.run(due.take());
    }

    private PointFence point(long seqno) {
        PointFence fence = new PointFence(timeline);
        fence.claimed(seqno);
        return fence;
    }

    @Test
    void onlyWhoReadsAResultIsToldOfSuccess() {
        assertThat(point(1).isTold()).isFalse();
        assertThat(new ResultPoint<>(timeline, payload -> payload).isTold()).isTrue();
    }

    @Test
    void aTimelineTellsNameIdAndCounter() {
        assertThat(timeline).hasToString("copy engine#" + timeline.id());
        assertThat(timeline.name()).isEqualTo("copy engine");
        assertThat(timeline.id()).isPositive().isNotEqualTo(new Timeline("other", state).id());
        assertThat(timeline.signaled()).isZero();
        advance(3);
        assertThat(timeline.signaled()).isEqualTo(3);
        assertThat(timeline.isDone(3)).isTrue();
        assertThat(timeline.isDone(4)).isFalse();
        timeline.poll();
    }

    @Test
    void aFenceWithoutASeqnoIsPending() {
        PointFence fence = new PointFence(timeline);
        advance(5);
        assertThat(fence.isDone()).isFalse();
        assertThat(fence.outcome()).isEqualTo(Outcome.PENDING);
    }

    @Test
    void aPointTellsItsOutcomeWhenTheTimelineHasReachedIt() {
        PointFence ok = point(1);
        PointFence bad = point(2);
        PointFence later = point(3);
        bad.failed(new Failure.Cancelled("test"));
        assertThat(bad.outcome()).as("recorded is not signalled").isEqualTo(Outcome.PENDING);
        assertThat(bad.failure()).isNull();
        assertThat(bad.recordedFailure()).isEqualTo(new Failure.Cancelled("test"));

        advance(2);

        assertThat(ok.outcome()).isEqualTo(Outcome.OK);
        assertThat(bad.failure()).isEqualTo(new Failure.Cancelled("test"));
        assertThat(later.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(bad).hasToString(timeline + ":2");
        assertThat(bad.timeline()).isSameAs(timeline);
        assertThat(bad.seqno()).isEqualTo(2);
    }

    @Test
    @Tag("slow")
    @DisplayName("H9: a fence nobody has looked at keeps no failures of others alive")
    void holdsNothing() {
        PointFence early = point(1);
        var own = new Failure.Cancelled("its own");
        early.failed(own);
        state.failures().append(1, own);
        advance(1);
        var later = new java.lang.ref.WeakReference<>(failAt(2));
        failAt(3);

        while (later.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(early.failure()).isSameAs(own);
    }

    private Failure failAt(long seqno) {
        Failure failure = new Failure.Cancelled("reason " + seqno);
        state.failures().append(seqno, failure);
        advance(seqno);
        return failure;
    }

    @Test
    void aCursorTellsWhichPointsFailed() {
        FailureCursor cursor = timeline.failureCursor();
        for (long seqno = 1; seqno <= 10; seqno++) {
            assertThat(cursor.outcome(seqno)).isEqualTo(Outcome.PENDING);
            if (seqno % 3 == 0) {
                state.failures().append(seqno, new Failure.Cancelled("reason " + seqno));
            }
            advance(seqno);
        }
        for (long seqno = 1; seqno <= 10; seqno++) {
            assertThat(cursor.outcome(seqno)).isEqualTo(seqno % 3 == 0 ? Outcome.FAILED : Outcome.OK);
            assertThat(cursor.outcome(seqno)).as("asked twice").isEqualTo(seqno % 3 == 0 ? Outcome.FAILED : Outcome.OK);
        }
        assertThat(cursor.outcome(11)).isEqualTo(Outcome.PENDING);
        assertThat(cursor.failure(11)).isNull();
    }

    @Test
    void aCursorMadeLaterTellsOfLaterPoints() {
        Failure cause = new Failure.Cancelled("all");
        state.failures().append(1, cause);
        state.failures().append(2, cause);
        advance(2);
        FailureCursor cursor = timeline.failureCursor();
        state.failures().append(3, cause);
        advance(4);
        assertThat(cursor.outcome(3)).isEqualTo(Outcome.FAILED);
        assertThat(cursor.failure(4)).isNull();
    }

    @Test
    void waitersOfSeveralPointsAreCalledInTheOrderOfSeqnos() {
        var calls = new ArrayList<String>();
        for (long seqno = 5; seqno >= 1; seqno--) {
            long mine = seqno;
            PointFence fence = point(seqno);
            fence.onDone(() -> calls.add(mine + "a"));
            fence.onDone(() -> calls.add(mine + "b"));
        }
        advance(2);
        assertThat(calls).containsExactly("1a", "1b", "2a", "2b");
        advance(5);
        assertThat(calls).endsWith("3a", "3b", "4a", "4b", "5a", "5b");
        point(5).onDone(() -> calls.add("late"));
        assertThat(calls).endsWith("late");
    }

    @Test
    void aPointIsAwaited() throws Exception {
        PointFence fence = point(1);
        assertThat(fence.await(Duration.ofMillis(1))).isEqualTo(Outcome.PENDING);
        var outcomes = new ArrayList<Outcome>();
        Thread waiter = FenceTest.waiting(() -> outcomes.add(fence.await()));
        advance(1);
        waiter.join();
        assertThat(outcomes).containsExactly(Outcome.OK);
    }

    @Test
    @Tag("slow")
    @DisplayName("H20: awaiting with a timeout again and again leaves no nodes behind")
    void timedAwaitsLeaveNothing() throws Exception {
        PointFence fence = point(1);
        for (int i = 0; i < 2_000; i++) {
            assertThat(fence.await(Duration.ofNanos(1))).isEqualTo(Outcome.PENDING);
        }
        assertThat(state.waitersVolatile()).isNotNull();
        assertThat(state.waitersVolatile().anyVolatile()).isFalse();
    }

    @Test
    @DisplayName("H20: so it is below a waiter that stays, within a bound")
    void timedAwaitsBelowAnother() throws Exception {
        PointFence fence = point(1);
        var calls = new ArrayList<Integer>();
        for (int i = 0; i < 1_000; i++) {
            var waiter = new io.ringfence.internal.waiting.Await();
            assertThat(fence.addWaiter(waiter)).isTrue();
            // Another one on top: the first cannot be unlinked any more when it is cancelled.
            var above = new io.ringfence.internal.waiting.Await();
            assertThat(fence.addWaiter(above)).isTrue();
            assertThat(waiter.decide()).isTrue();
            fence.removeWaiter(waiter);
            assertThat(above.decide()).isTrue();
            fence.removeWaiter(above);
        }
        fence.onDone(() -> calls.add(1));
        assertThat(linked(fence)).isLessThanOrEqualTo(130);
        advance(1);
        assertThat(calls).containsExactly(1);
        assertThat(linked(fence)).isZero();
        assertThat(state.waitersVolatile().anyVolatile()).isFalse();
    }

    /** How many waiters hang on the stack of a point, decided ones included. */
    private int linked(PointFence fence) throws ReflectiveOperationException {
        var tops = state.waitersVolatile().getClass().getDeclaredField("tops");
        tops.setAccessible(true);
        var below = io.ringfence.internal.waiting.Waiter.class.getDeclaredField("below");
        below.setAccessible(true);
        int count = 0;
        for (Object waiter = ((Object[]) tops.get(state.waitersVolatile()))[(int) fence.seqno() & 15];
                waiter != null;) {
            count++;
            waiter = below.get(waiter);
        }
        return count;
    }
}
