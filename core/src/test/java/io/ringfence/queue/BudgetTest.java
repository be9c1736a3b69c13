package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BudgetTest extends BudgetTestBase {

    @Test
    @DisplayName("H15: a head that the budget has not enough for waits, and goes on by an interrupt though nobody polls")
    void releaseWakesTheFirst() throws Exception {
        var holder = new ManualDriver();
        var waiter = new ManualDriver();
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(waiter, "b");
        PointFence held = a.submit(3);
        PointFence waits = b.submit(2);

        assertThat(waiter.ran).isEmpty();
        assertThat(budget.available()).isEqualTo(1);
        assertThat(budget.waiting()).isEqualTo(1);
        assertThat(b.status().waits()).isEqualTo(Waits.BUDGET);
        assertThat(b.describe()).contains("seqno 1 waits for 2 credits of budget shared");
        assertThat(holder.armings).as("the holder's device is asked to tell").containsExactly(1L);

        holder.finishThrough(1);
        Spin.until(() -> !waiter.ran.isEmpty());
        assertThat(budget.available()).isEqualTo(2);
        waiter.finishThrough(1);
        assertOk(waits);
        assertOk(held);
        assertAllBack();
    }

    @Test
    @DisplayName("H15: a queue that is frozen keeps nothing of a budget that its head has waited for")
    void frozenHeadKeepsNothing() throws Exception {
        var holder = new ManualDriver();
        var frozen = new ManualDriver();
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(frozen, "b");
        PointFence held = a.submit(3);
        PointFence waits = b.submit(4);
        assertThat(budget.waiting()).isEqualTo(1);
        assertOk(b.freeze());

        holder.finishThrough(1);
        PointFence another = a.submit(3);
        Spin.until(() -> holder.ran.size() == 2);
        holder.finishThrough(2);
        assertOk(another);
        assertAllBack();
        assertThat(frozen.ran).isEmpty();

        b.thaw();
        Spin.until(() -> !frozen.ran.isEmpty());
        frozen.finishThrough(1);
        assertOk(waits);
        assertOk(held);
        assertAllBack();
    }

    @Test
    @DisplayName("H15: a device that was handed jobs while somebody waits is armed too")
    void laterJobsAreArmedToo() throws Exception {
        var holder = new ManualDriver();
        var later = new ManualDriver();
        var waiter = new ManualDriver();
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(waiter, "b");
        JobQueue<Object> c = drawing(later, "c");
        a.submit(2);
        c.submit(2);
        b.submit(3);
        c.submit(2);
        holder.finishThrough(1);
        Spin.until(() -> budget.available() == 2);
        assertThat(waiter.ran).isEmpty();

        later.finishThrough(1);
        Spin.until(() -> !waiter.ran.isEmpty());
        waiter.finishThrough(1);
        Spin.until(() -> later.ran.size() == 2);
        later.finishThrough(2);
        c.timeline().poll();
        assertAllBack();
    }

    @Test
    @DisplayName("H15: nobody overtakes the first: a small job of another queue waits behind a big one though it would fit")
    void nobodyOvertakesTheFirst() throws Exception {
        var holder = new ManualDriver();
        var big = new ManualDriver();
        var small = new ManualDriver();
        JobQueue<Object> a = drawing(holder, "a");
        JobQueue<Object> b = drawing(big, "b");
        JobQueue<Object> c = drawing(small, "c");
        a.submit(3);
        b.submit(4);
        PointFence last = c.submit(1);
        PointFence own = a.submit(1);
        assertThat(small.ran).isEmpty();
        assertThat(holder.ran).as("not even the queue that holds the credits").containsExactly(1L);
        assertThat(budget.available()).as("all or nothing").isEqualTo(1);
        assertThat(budget.waiting()).isEqualTo(3);

        holder.finishThrough(1);
        Spin.until(() -> !big.ran.isEmpty());
        assertThat(budget.available()).isZero();
        assertThat(small.ran).isEmpty();

        big.finishThrough(1);
        Spin.until(() -> !small.ran.isEmpty() && holder.ran.size() == 2);
        small.finishThrough(1);
        holder.finishThrough(2);
        assertOk(last);
        assertOk(own);
        assertAllBack();
    }

    @Test
    @DisplayName("H15: blocked heads are served in the order in which they came to wait")
    void firstComeFirstServed() throws Exception {
        var holder = new ManualDriver();
        JobQueue<Object> a = drawing(holder, "a");
        a.submit(4);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<ManualDriver> drivers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int number = i;
            var driver = new ManualDriver();
            drivers.add(driver);
            JobQueue<Object> queue = open(driver, options("waiter " + i).withBudget(budget));
            queue.submit((Work) _ -> order.add(number));
        }
        // One credit each: four fit at once, in their order, and two more as those come back.
        assertThat(budget.waiting()).isEqualTo(6);
        holder.finishThrough(1);
        Spin.until(() -> order.size() == 4);
        assertThat(order).containsExactly(0, 1, 2, 3);
        assertThat(budget.waiting()).isEqualTo(2);
        for (int i = 0; i < 4; i++) {
            drivers.get(i).finishThrough(1);
        }
        Spin.until(() -> order.size() == 6);
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    @DisplayName("H15: whoever was served and waits again stands at the end")
    void againAtTheEnd() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<ManualDriver> drivers = List.of(new ManualDriver(), new ManualDriver(), new ManualDriver());
        var one = CreditBudget.create("one", 1);
        List<JobQueue<Object>> queues = new ArrayList<>();
        for (ManualDriver driver : drivers) {
            queues.add(open(driver, options("q" + queues.size()).withBudget(one)));
        }
        for (int round = 0; round < 3; round++) {
            for (JobQueue<Object> queue : queues) {
                queue.submit((Work) _ -> order.add(queue.name()));
            }
        }
        for (int step = 0; step < 9; step++) {
            int ran = step + 1;
            Spin.until(() -> order.size() == ran);
            drivers.get(step % 3).finishThrough(step / 3 + 1);
        }
        assertThat(order).containsExactly("q0", "q1", "q2", "q0", "q1", "q2", "q0", "q1", "q2");
    }

    @Test
    @DisplayName("H15: a job that costs more than the budget is refused at submission, by every way to submit")
    void costOverTheBudget() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = drawing(driver, "refuses");

        assertThatThrownBy(() -> queue.submit(5)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 credits").hasMessageContaining("refuses").hasMessageContaining("limit, 4");
        assertThatThrownBy(() -> queue.trySubmit(5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> queue.trySubmitFence(5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> queue.trySubmitAll(new Object[] {1, 5})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batch.create().add(queue, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThat(queue.status().claimed()).isZero();
        assertThat(queue.trySubmit(4)).isEqualTo(1);
        assertThat(driver.ran).containsExactly(1L);
    }

    @Test
    void limitsAreChecked() {
        assertThatThrownBy(() -> CreditBudget.create("none", 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> CreditBudget.create("more", CreditBudget.MAX_LIMIT + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(CreditBudget.create("most", CreditBudget.MAX_LIMIT).available()).isEqualTo(1 << 30);
    }

    @Test
    @DisplayName("H15: own credits and the budget together; status tells which of them, or a fence, is waited for")
    void ownCreditsAndBudget() throws Exception {
        var first = new ManualDriver();
        var second = new ManualDriver();
        JobQueue<Object> a = open(first, options("a").withCredits(2).withBudget(budget));
        JobQueue<Object> b = drawing(second, "b");
        a.submit(2);
        a.submit(2);
        assertThat(a.status().waits()).isEqualTo(Waits.CREDITS);
        assertThat(budget.waiting()).as("who waits for its own credits stands in nobody's way").isZero();
        FenceIssuer input = issuer("input");
        b.submit(2, input.fence());
        b.submit(1);
        assertThat(b.status().waits()).isEqualTo(Waits.DEPENDENCIES);
        assertThat(budget.waiting()).as("nor does who waits for a fence").isZero();

        input.signal();
        assertThat(second.ran).containsExactly(1L);
        assertThat(b.status().waits()).isEqualTo(Waits.BUDGET);
        first.finishThrough(1);
        Spin.until(() -> second.ran.size() == 2);
        assertThat(a.status().waits()).as("its own credits are there, but b was first").isEqualTo(Waits.BUDGET);
        second.finishThrough(1);
        Spin.until(() -> first.ran.size() == 2);
        assertThat(a.status().waits()).isEqualTo(Waits.NOTHING);
        second.finishThrough(2);
        first.finishThrough(2);
        a.timeline().poll();
        b.timeline().poll();
        assertAllBack();
    }

    @Test
    @DisplayName("H15: credits come back when the completion turn has passed a job, in whatever order the device works")
    void outOfOrder() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = drawing(driver, "backwards");
        queue.submit(1);
        queue.submit(2);
        driver.finish(2);
        queue.timeline().poll();
        assertThat(budget.available()).isEqualTo(1);
        driver.finish(1);
        queue.timeline().poll();
        assertThat(budget.available()).isEqualTo(4);
    }

    @Test
    @DisplayName("H15: jobs whose run throws, and jobs of a lost device, give back what they took")
    void failuresGiveBack() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> throwing = drawing(new ManualDriver(), "throws");
        JobQueue<Object> lost = drawing(driver, "lost");
        assertThat(failureOf(throwing.submit((Work) _ -> {
            throw new IllegalStateException("no");
        }))).isInstanceOf(Failure.DriverError.class);
        assertThat(budget.available()).isEqualTo(4);
        PointFence onDevice = lost.submit(3);
        PointFence waits = lost.submit(2);
        assertThat(budget.waiting()).isEqualTo(1);

        driver.lose("unplugged");
        assertThat(failureOf(onDevice)).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failureOf(waits)).isInstanceOf(Failure.DeviceLost.class);
        assertAllBack();
    }
}
