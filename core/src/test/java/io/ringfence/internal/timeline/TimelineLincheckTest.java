package io.ringfence.internal.timeline;

import static io.ringfence.LincheckRuns.assertFound;
import static io.ringfence.LincheckRuns.schedules;
import static io.ringfence.LincheckRuns.threads;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.waiting.Waiter;
import io.ringfence.internal.waiting.WaiterStacks;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A timeline and its waiters are linearizable: a waiter that was told it hangs is fired by the very advance that passes its seqno,
 * once, in the order of seqnos and of registration; one that was told it came too late is never fired. In the end the any-waiters
 * word says whether anybody is left.
 */
class TimelineLincheckTest {

    @Test
    void everyScheduleFiresWhomItPasses() {
        schedules(Expected.class).check(Waited.class);
    }

    @Test
    void threadsThatReallyRunFireWhomTheyPass() {
        threads(Expected.class).check(Waited.class);
    }

    @Test
    void anAdvanceThatLooksForWaitersBeforeItStoresIsFound() {
        assertFound(SweptTooEarly.class, () -> schedules(Expected.class));
    }

    /** Advanced as a completion turn does it. */
    @Param(name = "seqno", gen = IntGen.class, conf = "1:4")
    @Param(name = "steps", gen = IntGen.class, conf = "1:2")
    @Param(name = "name", gen = IntGen.class, conf = "1:9")
    public static class Waited {
        final TimelineState timeline = new TimelineState(4);
        /** Told that they hang, and not fired yet. */
        private final AtomicInteger hanging = new AtomicInteger();

        @Operation
        public boolean register(@Param(name = "seqno") int seqno, @Param(name = "name") int name) {
            boolean hangs = timeline.register(new Named(seqno, name), seqno);
            hanging.addAndGet(hangs ? 1 : 0);
            return hangs;
        }

        @Operation(nonParallelGroup = "completion turn")
        public String advance(@Param(name = "steps") int steps) {
            long before = timeline.signaledPlain();
            List<String> fired = new ArrayList<>();
            Deferred due = pass(before, before + steps);
            while (due != null) {
                Deferred next = due.next();
                fired.add(due.toString());
                due = next;
            }
            hanging.addAndGet(-fired.size());
            return fired.toString();
        }

        @Nullable
        Deferred pass(long before, long through) {
            timeline.signaledVolatile(through);
            return swept(before, through);
        }

        final @Nullable Deferred swept(long before, long through) {
            DeferredList due = new DeferredList();
            timeline.sweep(before, through, due);
            return due.take();
        }

        @Operation
        public boolean isDone(@Param(name = "seqno") int seqno) {
            return timeline.signaledAcquire() >= seqno;
        }

        @Validate
        public void nobodyIsLeftUncounted() {
            WaiterStacks stacks = timeline.waitersVolatile();
            boolean any = stacks != null && stacks.anyVolatile();
            if (any != (hanging.get() != 0)) {
                throw new IllegalStateException(hanging + " hang, and the any-waiters word says " + any);
            }
        }
    }

    private static final class Named extends Waiter {
        private final int seqno;
        private final int name;

        Named(int seqno, int name) {
            this.seqno = seqno;
            this.name = name;
        }

        @Override
        protected @Nullable Deferred fired() {
            return null;
        }

        @Override
        public String toString() {
            return seqno + ":" + name;
        }
    }

    /** Whoever registers between the sweep and the store is forgotten. */
    public static class SweptTooEarly extends Waited {
        @Override
        @Nullable
        Deferred pass(long before, long through) {
            Deferred due = swept(before, through);
            timeline.signaledVolatile(through);
            return due;
        }
    }

    /** The sequential specification. */
    public static class Expected {
        private record Hanging(int seqno, int name) {
            @Override
            public String toString() {
                return seqno + ":" + name;
            }
        }

        private final List<Hanging> hanging = new ArrayList<>();
        private int signaled;

        public boolean register(int seqno, int name) {
            return seqno > signaled && hanging.add(new Hanging(seqno, name));
        }

        public String advance(int steps) {
            signaled += steps;
            List<Hanging> due = hanging.stream().filter(waiter -> waiter.seqno <= signaled)
                    .sorted(Comparator.comparingInt(Hanging::seqno)).toList();
            hanging.removeAll(due);
            return due.toString();
        }

        public boolean isDone(int seqno) {
            return seqno <= signaled;
        }
    }
}
