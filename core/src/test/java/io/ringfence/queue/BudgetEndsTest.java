package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Heads that wait for a budget and are not wanted any more, and queues that go. */
class BudgetEndsTest extends BudgetTestBase {
    private final ManualDriver holder = new ManualDriver();
    private final ManualDriver waiter = new ManualDriver();
    private final ManualDriver third = new ManualDriver();

    @Test
    @DisplayName("H15: a head that is cancelled while it waits lets those behind it go on at once")
    void cancelledHead() throws Exception {
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(waiter, "b");
        JobQueue<Object> c = drawing(third, "c");
        PointFence held = a.submit(3);
        PointFence wide = b.submit(4);
        PointFence narrow = c.submit(1);
        assertThat(third.ran).isEmpty();

        assertThat(b.cancel(wide)).isTrue();

        assertThat(failureOf(wide)).isInstanceOf(Failure.Cancelled.class);
        assertThat(third.ran).containsExactly(1L);
        assertThat(budget.waiting()).isZero();
        holder.finishThrough(1);
        third.finishThrough(1);
        assertOk(held);
        assertOk(narrow);
        assertAllBack();
    }

    @Test
    @DisplayName("H15: the job behind a cancelled head waits in its turn and gets what it needs")
    void nextAfterACancelledHead() throws Exception {
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(waiter, "b");
        PointFence held = a.submit(3);
        PointFence wide = b.submit(4);
        PointFence next = b.submit(2);

        assertThat(b.cancel(wide)).isTrue();
        assertThat(b.status().waits()).isEqualTo(Waits.BUDGET);
        assertThat(b.describe()).contains("seqno 2 waits for 2 credits");
        assertThat(budget.waiting()).isEqualTo(1);

        holder.finishThrough(1);
        Spin.until(() -> !waiter.ran.isEmpty());
        assertThat(budget.available()).isEqualTo(2);
        waiter.finishThrough(2);
        assertOk(next);
        assertOk(held);
        assertAllBack();
    }

    @Test
    @DisplayName("H15: a queue that is killed while its head waits wants nothing any more")
    void killedQueue() throws Exception {
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(waiter, "b");
        JobQueue<Object> c = drawing(third, "c");
        a.submit(3);
        PointFence wide = b.submit(4);
        PointFence behind = b.submit(4);
        c.submit(1);

        assertOk(b.kill());

        assertThat(failureOf(wide)).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(behind)).isInstanceOf(Failure.Cancelled.class);
        assertThat(third.ran).containsExactly(1L);
        holder.finishQuietlyThrough(1);
        third.finishQuietlyThrough(1);
        a.close();
        c.close();
        assertAllBack();
        assertThat(budget.members()).as("who has ended has left").isEmpty();
    }

    @Test
    @DisplayName("H15: a queue that is closed while its head waits still gets its turn, by an interrupt of the other's device")
    void closedQueue() throws Exception {
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(waiter, "b");
        a.submit(3);
        PointFence waits = b.submit(2);

        Fence end = b.startClose();
        assertThat(end.isDone()).isFalse();
        holder.finishThrough(1);
        Spin.until(() -> !waiter.ran.isEmpty());
        waiter.finishThrough(1);

        assertOk(end);
        assertOk(waits);
        assertAllBack();
        assertThat(budget.members()).hasSize(1);
    }

    @Test
    @DisplayName("H15: a head whose earlier job fails while it waits for the budget is not run and wants nothing")
    void dependencyFailsMeanwhile() throws Exception {
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(waiter, "b");
        JobQueue<Object> c = drawing(third, "c");
        PointFence first = b.submit(1);
        a.submit(3);
        PointFence second = b.submit(4, first);
        c.submit(1);
        assertThat(budget.waiting()).isEqualTo(2);

        waiter.fail(1, new IllegalStateException("on the device"));
        // What a waiter polls for is told to the issue turn, too.
        assertThat(failureOf(second).root()).isInstanceOf(Failure.DriverError.class);

        assertThat(waiter.cancelled).containsExactly(2L);
        Spin.until(() -> !third.ran.isEmpty());
        holder.finishQuietlyThrough(1);
        third.finishQuietlyThrough(1);
        a.close();
        c.close();
        assertAllBack();
    }

    @Test
    @DisplayName("H15: queues of two runtimes share; the one goes on when the other's jobs finish, and when it is closed")
    void twoRuntimes() throws Exception {
        RingfenceRuntime other = another();
        JobQueue<Object> a = open(other, holder, options("a").withBudget(budget));
        JobQueue<Object> b = drawing(waiter, "b");
        PointFence held = a.submit(3);
        b.submit(2);
        a.submit(4);
        holder.finishThrough(1);
        Spin.until(() -> !waiter.ran.isEmpty());
        assertOk(held);
        b.submit(1);
        assertThat(runtime.dump()).contains("budget shared (2 of 4 free, 2 queues wait)").contains("a#")
                .contains("waits for 4");

        waiter.finishThrough(1);
        Spin.until(() -> holder.ran.size() == 2);
        assertThat(waiter.ran).as("behind the other runtime's").containsExactly(1L);
        holder.finishQuietlyThrough(2);
        other.close();
        Spin.until(() -> waiter.ran.size() == 2);
        waiter.finishQuietlyThrough(2);
        b.close();
        assertAllBack();
        assertThat(budget.members()).isEmpty();
    }

    @Test
    @DisplayName("H15: cancelled at the moment its credits are granted, a head has them or not, and none are lost")
    void cancelBesideGrant() throws Exception {
        var one = CreditBudget.create("one", 1);
        var first = new InlineDriver();
        var second = new InlineDriver();
        JobQueue<Object> b = open(second, options("b").withBudget(one));
        JobQueue<Object> c = open(first, options("c").withBudget(one));
        JobQueue<Object> a = open(holder, options("a").withBudget(one));
        int rounds = 2_000;
        var barrier = new CyclicBarrier(2);
        var heads = new PointFence[rounds];
        FutureTask<Void> canceller = start("canceller", () -> {
            for (int round = 0; round < rounds; round++) {
                Spin.meet(barrier);
                b.cancel(heads[round]);
                Spin.meet(barrier);
            }
        });
        int ran = 0;
        for (int round = 0; round < rounds; round++) {
            PointFence held = a.submit("holds");
            heads[round] = b.submit("waits");
            PointFence behind = c.submit("behind");
            Spin.meet(barrier);
            holder.finishQuietlyThrough(held.seqno());
            a.timeline().poll();
            Spin.meet(barrier);
            assertOk(held);
            assertOk(behind);
            heads[round].await();
            ran += heads[round].failure() == null ? 1 : 0;
        }
        canceller.get();
        assertThat(second.runs.get() + second.cancels.get()).isEqualTo(rounds);
        assertThat(second.runs).hasValue(ran);
        Spin.until(() -> one.waiting() == 0);
        assertThat(one.available()).isEqualTo(1);
    }

    @Test
    @DisplayName("H15: killed at the moment its credits are granted, a queue has them or not, and none are lost")
    void killBesideGrant() throws Exception {
        JobQueue<Object> a = drawing(holder, "a");
        var barrier = new CyclicBarrier(2);
        for (int round = 1; round <= 300; round++) {
            JobQueue<Object> b = drawing(new InlineDriver(), "b" + round);
            PointFence held = a.submit(4);
            List<PointFence> waiting = List.of(b.submit(3), b.submit(2));
            FutureTask<Void> killer = start("killer", () -> {
                Spin.meet(barrier);
                var _ = b.kill();
            });
            Spin.meet(barrier);
            holder.finishQuietlyThrough(held.seqno());
            a.timeline().poll();
            killer.get();
            assertOk(b.startClose());
            assertOk(held);
            assertThat(waiting).allMatch(PointFence::isDone);
            assertAllBack();
        }
        assertThat(budget.members()).hasSize(1);
    }
}
