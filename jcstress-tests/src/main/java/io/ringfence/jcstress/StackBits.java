package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;

import io.ringfence.internal.waiting.WaiterStacks;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Slot in use / bit cleared: a timeline with many slots finds every stack that is not empty, though bits are cleared of those that are.
 * Who pushes makes the stack visible, then sets its bit, then that of the word the bit is in; who found a stack empty clears its bit, then
 * looks at the stack once more, and does the same with the bit of a word that became 0.
 */
public final class StackBits {

    /** So many that there are bits. */
    private static final int SLOTS = 8192;
    /** From here on, so that the slot is found by way of its word's bit. */
    private static final long AFTER = 100;
    private static final long SLOT = 200;

    private StackBits() {
    }

    /** A stack that has become empty, beside a push. */
    private abstract static class Emptied {

        final WaiterStacks stacks = new WaiterStacks(SLOTS);

        Emptied() {
            CountingWaiter waiter = new CountingWaiter();
            stacks.push(waiter, SLOT);
            waiter.decide();
            stacks.withdraw(waiter);
        }

        final void look() {
            long found = stacks.firstWaited(AFTER, SLOTS - 1);
            if (found != Long.MAX_VALUE && found < SLOT) {
                throw new IllegalStateException("nobody waits for " + found);
            }
        }
    }

    /** Somebody waits for the same seqno. */
    @JCStressTest
    @Outcome(id = "200", expect = ACCEPTABLE, desc = "Found.")
    @Outcome(expect = FORBIDDEN, desc = "A waiter that no look finds.")
    @State
    public static class SameSlot extends Emptied {

        @Actor
        public void completionTurn() {
            look();
        }

        @Actor
        public void registrant() {
            stacks.push(new CountingWaiter(), SLOT);
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = stacks.firstWaited(AFTER, SLOTS - 1);
        }
    }

    /** Somebody waits for another seqno whose bit is in the same word. */
    @JCStressTest
    @Outcome(id = "201", expect = ACCEPTABLE, desc = "Found.")
    @Outcome(expect = FORBIDDEN, desc = "A waiter that no look finds.")
    @State
    public static class SameWord extends Emptied {

        @Actor
        public void completionTurn() {
            look();
        }

        @Actor
        public void registrant() {
            stacks.push(new CountingWaiter(), SLOT + 1);
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = stacks.firstWaited(AFTER, SLOTS - 1);
        }
    }

    /** The stack is not looked at once its bit is cleared. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The bit says that the stack is in use.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Empty, read the one; the other pushed and found the bit set; the bit was cleared.")
    @State
    public static class LooksOnce {

        final AtomicBoolean used = new AtomicBoolean();
        final AtomicBoolean bit = new AtomicBoolean(true);

        @Actor
        public void completionTurn() {
            if (!used.get()) {
                bit.set(false);
            }
        }

        @Actor
        public void registrant() {
            used.set(true);
            if (!bit.get()) {
                bit.set(true);
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = bit.get() ? 1 : 0;
        }
    }
}
