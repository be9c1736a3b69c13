package io.ringfence.internal.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WaiterStacksTest {
    private static final class Named extends Waiter {
        private final List<String> log;
        private final String name;

        Named(List<String> log, String name) {
            this.log = log;
            this.name = name;
        }

        @Override
        protected @Nullable Deferred fired() {
            log.add(name);
            return null;
        }
    }

    private final List<String> log = new ArrayList<>();
    private final WaiterStacks stacks = new WaiterStacks(4);

    private Named push(String name, long seqno) {
        var waiter = new Named(log, name);
        stacks.push(waiter, seqno);
        return waiter;
    }

    private void sweep(long seqno, long due) {
        var list = new DeferredList();
        stacks.uncount(stacks.decideDue(seqno, due, list));
        Deferred.run(list.take());
    }

    @Test
    void waitersAreTakenInTheOrderOfRegistration() {
        push("a", 1);
        push("b", 1);
        push("c", 1);
        sweep(1, 1);
        assertThat(log).containsExactly("a", "b", "c");
        assertThat(stacks.anyVolatile()).isFalse();
        sweep(1, 1);
        assertThat(log).hasSize(3);
    }

    @Test
    @DisplayName("H20: waiters of a later lap in the same slot stay, in their order")
    void laterLaps() {
        push("now 1", 1);
        push("later 1", 5);
        push("now 2", 1);
        push("later 2", 5);
        push("much later", 9);
        sweep(1, 1);
        assertThat(log).containsExactly("now 1", "now 2");
        assertThat(stacks.anyVolatile()).isTrue();
        sweep(5, 5);
        sweep(9, 9);
        assertThat(log).containsExactly("now 1", "now 2", "later 1", "later 2", "much later");
        assertThat(stacks.anyVolatile()).isFalse();
    }

    @Test
    void aSweepTouchesItsOwnSlotOnly() {
        push("one", 1);
        push("two", 2);
        sweep(1, 4);
        assertThat(log).containsExactly("one");
    }

    @Test
    void cancelledWaitersAreDropped() {
        Named cancelled = push("cancelled", 1);
        push("kept", 1);
        assertThat(cancelled.decide()).isTrue();
        stacks.withdraw(cancelled);
        sweep(1, 1);
        assertThat(log).containsExactly("kept");
        assertThat(stacks.anyVolatile()).isFalse();
    }

    @Test
    void aWaiterOnTopIsUnlinkedAtOnceOneBelowWithIt() {
        Named below = push("below", 1);
        Named top = push("top", 1);
        below.decide();
        stacks.withdraw(below);
        assertThat(stacks.anyVolatile()).isTrue();
        top.decide();
        stacks.withdraw(top);
        assertThat(stacks.anyVolatile()).isFalse();
        assertThat(stacks.firstWaited(0, 4)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @DisplayName("H20: a stack that grows is thinned by those who push, and keeps its order")
    void thinned() {
        for (int i = 1; i <= 1_000; i++) {
            Named waiter = push("w" + i, 1);
            if (i % 13 != 0) {
                waiter.decide();
                stacks.withdraw(waiter);
            }
        }
        push("last", 1);
        assertThat(linked(1)).isLessThan(77 + 64 + 77);
        sweep(1, 1);
        assertThat(log).hasSize(77).startsWith("w13", "w26").endsWith("w988", "last");
        assertThat(stacks.anyVolatile()).isFalse();
        assertThat(linked(1)).isZero();
    }

    private int linked(int slot) {
        try {
            var tops = WaiterStacks.class.getDeclaredField("tops");
            tops.setAccessible(true);
            int count = 0;
            for (Waiter waiter = ((Waiter[]) tops.get(stacks))[slot]; waiter != null; waiter = waiter.belowOpaque()) {
                count++;
            }
            return count;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("fields of WaiterStacks", e);
        }
    }

    @Test
    void theLowestWaitedSeqnoIsFound() {
        assertThat(stacks.firstWaited(0, 4)).isEqualTo(Long.MAX_VALUE);
        push("three", 3);
        push("four", 4);
        assertThat(stacks.firstWaited(0, 4)).isEqualTo(3);
        assertThat(stacks.firstWaited(3, 4)).isEqualTo(4);
        assertThat(stacks.firstWaited(0, 2)).isEqualTo(Long.MAX_VALUE);
        assertThat(stacks.takeLowest()).isEqualTo(3);
        push("two", 2);
        push("one lap later", 6);
        assertThat(stacks.takeLowest()).isEqualTo(2);
        assertThat(stacks.takeLowest()).as("taken already").isEqualTo(Long.MAX_VALUE);
        assertThat(stacks.firstWaited(0, 4)).isEqualTo(2);
    }

    @Test
    @DisplayName("H20: of two threads that decide one waiter exactly one wins")
    void decideOnce() throws Exception {
        int count = 200_000;
        var waiters = new Waiter[count];
        for (int i = 0; i < count; i++) {
            waiters[i] = new Named(log, "x");
        }
        var wins = new AtomicInteger();
        Runnable decides = () -> {
            int mine = 0;
            for (Waiter waiter : waiters) {
                if (waiter.decide()) {
                    mine++;
                }
            }
            wins.addAndGet(mine);
        };
        Thread other = Thread.ofPlatform().start(decides);
        decides.run();
        other.join();
        assertThat(wins).hasValue(count);
        assertThat(waiters).allMatch(Waiter::isDecided);
    }

    @Test
    @DisplayName("H20: pushing, cancelling and sweeping at the same time fires each waiter that was not cancelled once")
    void stress() throws Exception {
        var fired = new AtomicInteger();
        var cancelled = new AtomicInteger();
        int each = 50_000;
        List<Thread> pushers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            pushers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    var waiter = new Waiter() {
                        @Override
                        protected @Nullable Deferred fired() {
                            fired.incrementAndGet();
                            return null;
                        }
                    };
                    long seqno = i % 8;
                    stacks.push(waiter, seqno);
                    if (i % 3 == 0 && waiter.decide()) {
                        stacks.withdraw(waiter);
                        cancelled.incrementAndGet();
                    }
                }
            }));
        }
        while (pushers.stream().anyMatch(Thread::isAlive)) {
            for (long seqno = 0; seqno < 4; seqno++) {
                sweep(seqno, 3);
            }
        }
        for (long seqno = 0; seqno < 8; seqno++) {
            sweep(seqno, 8);
        }
        assertThat(fired.get() + cancelled.get()).isEqualTo(3 * each);
        assertThat(stacks.anyVolatile()).isFalse();
    }
}
