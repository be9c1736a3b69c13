package io.ringfence.internal.ring;

import static io.ringfence.LincheckRuns.assertFound;
import static io.ringfence.LincheckRuns.schedules;
import static io.ringfence.LincheckRuns.threads;

import java.util.ArrayDeque;
import java.util.Queue;

import java.util.stream.IntStream;

import io.ringfence.internal.timeline.TimelineState;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Claim, publish and consume together are a linearizable bounded queue with many producers and one consumer: a claim is the
 * sequence number and the place in one step, FULL and CLOSED are true at some moment of the call, and what was published is
 * consumed once, in the order of claims.
 */
class RingLincheckTest {
    private static final int CAPACITY = 2;

    @Test
    void everyScheduleIsThatOfAQueue() {
        schedules(BoundedQueue.class).actorsAfter(2).check(Ring.class);
    }

    @Test
    void threadsThatReallyRunSeeAQueue() {
        threads(BoundedQueue.class).actorsAfter(2).check(Ring.class);
    }

    @Test
    void aClaimThatLooksAndThenStoresIsFound() {
        assertFound(LooksThenClaims.class, () -> schedules(BoundedQueue.class).actorsAfter(2));
    }

    @Test
    void aConsumerThatTakesAClaimedSlotForNothingIsFound() {
        assertFound(ImpatientConsumer.class, () -> schedules(BoundedQueue.class).actorsAfter(2));
    }

    /** Claims, publishes and consumes as a queue does. */
    @Param(name = "value", gen = IntGen.class, conf = "1:9")
    @Param(name = "first", gen = IntGen.class, conf = "1:4")
    public static class Ring {
        final TimelineState timeline = new TimelineState(CAPACITY);
        final ClaimCursor cursor = new ClaimCursor(timeline, CAPACITY);
        final Slots slots = new Slots(CAPACITY);

        @Operation
        public long offer(@Param(name = "value") int value) {
            return publish(cursor.claim(1), value, 1);
        }

        @Operation
        public long offerTwo(@Param(name = "value") int value) {
            return publish(cursor.claim(2), value, 2);
        }

        @Operation
        public long offerAt(@Param(name = "first") int first, @Param(name = "value") int value) {
            return publish(cursor.claimAt(first, 1), value, 1);
        }

        @Operation(nonParallelGroup = "consumer")
        public int poll() {
            long next = timeline.signaledPlain() + 1;
            if (cursor.claimedVolatile() < next) {
                return 0;
            }
            while (!slots.publishedAcquire(next)) {
                Thread.onSpinWait();
            }
            return take(next);
        }

        @Operation
        public boolean close() {
            return cursor.close();
        }

        @Operation
        public long claimed() {
            return cursor.claimedVolatile();
        }

        final long publish(long first, int value, int count) {
            if (first > 0 && count == 1) {
                slots.publishRelease(first, value, null, null, false, 1);
            } else if (first > 0) {
                Object[] values = IntStream.range(value, value + count).boxed().toArray();
                slots.publishAllRelease(first, values, 0, count, null);
            }
            return first;
        }

        final int take(long seqno) {
            int value = (Integer) slots.payloadPlain(seqno);
            slots.clearPlain(seqno);
            timeline.signaledVolatile(seqno);
            return value;
        }
    }

    /** Two producers may claim the same seqno. */
    @Param(name = "value", gen = IntGen.class, conf = "1:9")
    public static class LooksThenClaims {
        private final TimelineState timeline = new TimelineState(CAPACITY);
        private final Slots slots = new Slots(CAPACITY);
        private volatile long claimed;

        @Operation
        public long offer(@Param(name = "value") int value) {
            long next = claimed + 1;
            if (next - timeline.signaledAcquire() > CAPACITY) {
                return ClaimCursor.FULL;
            }
            claimed = next;
            slots.publishRelease(next, value, null, null, false, 1);
            return next;
        }

        @Operation
        public long claimed() {
            return claimed;
        }
    }

    /** Says there is nothing while a job that was claimed earlier hides a published one. */
    public static class ImpatientConsumer extends Ring {
        @Override
        public int poll() {
            long next = timeline.signaledPlain() + 1;
            return slots.publishedAcquire(next) ? take(next) : 0;
        }
    }

    /** The sequential specification. */
    public static class BoundedQueue {
        private final Queue<Integer> queue = new ArrayDeque<>();
        private long claimed;
        private boolean closed;

        public long offer(int value) {
            return add(value, 1);
        }

        public long offerTwo(int value) {
            return add(value, 2);
        }

        public long offerAt(int first, int value) {
            return closed ? ClaimCursor.CLOSED : first != claimed + 1 ? ClaimCursor.FULL : add(value, 1);
        }

        private long add(int value, int count) {
            if (closed || queue.size() + count > CAPACITY) {
                return closed ? ClaimCursor.CLOSED : ClaimCursor.FULL;
            }
            for (int i = 0; i < count; i++) {
                queue.add(value + i);
                claimed++;
            }
            return claimed - count + 1;
        }

        public int poll() {
            return queue.isEmpty() ? 0 : queue.remove();
        }

        public boolean close() {
            boolean first = !closed;
            closed = true;
            return first;
        }

        public long claimed() {
            return claimed;
        }
    }
}
