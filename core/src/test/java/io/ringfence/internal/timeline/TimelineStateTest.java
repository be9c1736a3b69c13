package io.ringfence.internal.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineStateTest {
    private static final int SLOTS = 4;

    private final TimelineState state = new TimelineState(SLOTS);
    private final Recorder producer = new Recorder();
    private final List<String> fired = new ArrayList<>();

    /** Notes what it is told. */
    private static final class Recorder implements Producer {
        private final List<String> told = new ArrayList<>();

        @Override
        public void poll() {
            told.add("poll");
        }

        @Override
        public long claimed() {
            return 7;
        }

        @Override
        public void enableSignalling() {
            told.add("enable");
        }

        @Override
        public void hintDeadline(long seqno, long nanoTime) {
            told.add("hint " + seqno + " at " + nanoTime);
        }
    }

    private final class Named extends Waiter {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        protected @Nullable Deferred fired() {
            fired.add(name);
            return null;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private boolean anybodyWaits() {
        var stacks = state.waitersVolatile();
        return stacks != null && stacks.anyVolatile();
    }

    private void advance(long through) {
        long from = state.signaledPlain();
        state.recordTime(from, through);
        state.signaledVolatile(through);
        DeferredList due = new DeferredList();
        state.sweep(from, through, due);
        Deferred.run(due.take());
    }

    @Test
    void theProducerIsAskedUntilTheLinkIsCut() {
        state.signaledVolatile(3);
        state.poll();
        assertThat(state.producerVolatile()).isNull();
        assertThat(state.claimedVolatile()).isEqualTo(3);
        state.producer(producer);
        state.poll();
        assertThat(state.producerVolatile()).isSameAs(producer);
        assertThat(state.claimedVolatile()).isEqualTo(7);
        state.producer(null);
        state.poll();
        assertThat(state.claimedVolatile()).isEqualTo(3);
        assertThat(producer.told).containsExactly("poll");
    }

    @Test
    void hintsAreForWhatIsNotSignalled() {
        state.hintDeadline(1, 10);
        state.producer(producer);
        state.hintDeadline(1, 20);
        state.signaledVolatile(1);
        state.hintDeadline(1, 30);
        state.hintDeadline(2, 40);
        assertThat(producer.told).containsExactly("hint 1 at 20", "hint 2 at 40");
    }

    @Test
    void aWaiterHangsOnASeqnoUntilTheCounterPassesIt() {
        state.producer(producer);
        assertThat(state.waitersVolatile()).isNull();
        assertThat(state.register(new Named("second"), 2)).isTrue();
        assertThat(state.register(new Named("first"), 1)).isTrue();
        assertThat(state.register(new Named("fourth"), 4)).isTrue();
        assertThat(producer.told).containsExactly("enable", "enable", "enable");
        assertThat(anybodyWaits()).isTrue();

        advance(2);
        assertThat(fired).containsExactly("first", "second");
        assertThat(anybodyWaits()).isTrue();

        advance(4);
        assertThat(fired).containsExactly("first", "second", "fourth");
        assertThat(anybodyWaits()).isFalse();
    }

    @Test
    void waitersOfOneSeqnoFireInTheOrderOfRegistration() {
        state.register(new Named("a"), 1);
        state.register(new Named("b"), 1);
        state.register(new Named("c"), 1);
        advance(1);
        assertThat(fired).containsExactly("a", "b", "c");
    }

    @Test
    void whoComesTooLateIsToldSo() {
        state.producer(producer);
        advance(2);
        assertThat(state.register(new Named("late"), 2)).isFalse();
        assertThat(state.register(new Named("later"), 1)).isFalse();
        assertThat(state.waitersVolatile()).isNull();
        assertThat(producer.told).isEmpty();
        assertThat(fired).isEmpty();
    }

    @Test
    void whoIsTakenOffIsNotCountedAndDoesNotFire() {
        var waiter = new Named("gone");
        state.unregister(waiter);
        state.register(waiter, 1);
        assertThat(waiter.decide()).isTrue();
        state.unregister(waiter);
        assertThat(anybodyWaits()).isFalse();
        advance(1);
        assertThat(fired).isEmpty();
    }

    @Test
    void aSeqnoIsWantedWithoutAWaiterOnce() {
        state.producer(producer);
        state.want(2);
        assertThat(producer.told).containsExactly("enable");
        var stacks = state.waitersVolatile();
        assertThat(stacks).isNotNull();
        assertThat(stacks.takeLowest()).isEqualTo(2);
        state.want(2);
        assertThat(stacks.takeLowest()).isEqualTo(Long.MAX_VALUE);
        assertThat(producer.told).containsExactly("enable", "enable");
        advance(2);
        assertThat(anybodyWaits()).isFalse();
        state.want(2);
        state.want(1);
        assertThat(anybodyWaits()).isFalse();
        assertThat(producer.told).hasSize(2);
    }

    @Test
    void preparingMakesWhatRegisteringNeeds() {
        state.prepareWaiting();
        var stacks = state.waitersVolatile();
        assertThat(stacks).isNotNull();
        state.register(new Named("one"), 1);
        assertThat(state.waitersVolatile()).isSameAs(stacks);
    }

    @Test
    void noTimesAreKeptUnasked() {
        advance(1);
        assertThat(state.signalTime(1)).isEmpty();
    }

    @Test
    void timesAreKeptForTheLastSeqnosAndSharedByThoseSignalledTogether() {
        state.keepTimes();
        long before = System.nanoTime();
        advance(2);
        long between = System.nanoTime();
        assertThat(state.signalTime(1)).isEqualTo(state.signalTime(2));
        assertThat(state.signalTime(1).orElseThrow() - before).isNotNegative();
        assertThat(between - state.signalTime(2).orElseThrow()).isNotNegative();

        state.keepTimes();
        assertThat(state.signalTime(2)).as("asking again forgets nothing").isPresent();
        long first = state.signalTime(1).orElseThrow();
        advance(3);
        assertThat(state.signalTime(1)).hasValue(first);
        assertThat(state.signalTime(3).orElseThrow() - between).isNotNegative();

        advance(4);
        assertThat(state.signalTime(1)).hasValue(first);
        advance(5);
        assertThat(state.signalTime(1)).as("as many followed as can be live").isEmpty();
        assertThat(state.signalTime(2)).hasValue(first);
    }

    @Test
    void aLapOfTheTimesOverwritesTheOneBefore() {
        state.keepTimes();
        for (long seqno = 1; seqno <= 5 * SLOTS; seqno++) {
            long before = System.nanoTime();
            advance(seqno);
            assertThat(state.signalTime(seqno).orElseThrow() - before).isNotNegative();
        }
    }
}
