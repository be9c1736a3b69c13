package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CreditsTest extends QueueTestBase {
    @Test
    void noMoreJobsReachTheDeviceThanThereAreCredits() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("credits").withCredits(4));
        for (int i = 0; i < 10; i++) {
            queue.submit("job");
        }
        assertThat(driver.ran).hasSize(4);
        assertThat(queue.describe()).contains("seqno 5 waits for credits");

        driver.finishQuietlyThrough(1);
        queue.timeline().poll();

        assertThat(driver.ran).hasSize(5);
    }

    @Test
    void aHeadThatCostsMoreThanIsFreeHoldsCheaperJobsBehindIt() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("head").withCredits(4));
        queue.submit(3);
        queue.submit(2);
        queue.submit(1);
        assertThat(driver.ran).containsExactly(1L);

        driver.finishQuietlyThrough(1);
        queue.timeline().poll();

        assertThat(driver.ran).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aJobThatCostsNothingOrMoreThanTheLimitIsRefusedBeforeAnythingChanges() {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("refuses").withCredits(4));

        assertThatThrownBy(() -> queue.submit(0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 credits").hasMessageContaining("refuses");
        assertThatThrownBy(() -> queue.trySubmit(5)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5 credits");
        assertThatThrownBy(() -> queue.trySubmit(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(queue.trySubmit(4)).isEqualTo(1);
        assertThat(driver.ran).containsExactly(1L);
    }

    @Test
    void creditsOfJobsThatDidNotRunAreNotMissingLater() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("returned").withCredits(2));
        var failed = issuer("failed");
        failed.fail(new Exception("input"));
        for (int i = 0; i < 10; i++) {
            queue.submit(2, failed.fence());
            queue.submit((Work) _ -> {
                throw new IllegalStateException("no");
            });
        }
        PointFence last = queue.submit(2);
        assertThat(driver.ran).containsExactly(21L);
        driver.finishThrough(21);
        assertOk(last);
    }

    @Test
    @DisplayName("H12: a queue that waits for credits goes on by interrupts though nobody waits for it")
    void goesOnByInterrupts() throws Exception {
        var driver = new ThreadedDriver();
        JobQueue<Object> queue = open(driver, options("nobody waits").withCapacity(1024).withCredits(2));
        for (int i = 0; i < 1_000; i++) {
            assertThat(queue.trySubmit("job")).isPositive();
        }
        while (driver.runs.get() < 1_000) {
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("H12: as before with jobs of different cost, and the limit holds at all times")
    void mixedCosts() throws Exception {
        var driver = new ThreadedDriver(payload -> (Integer) payload);
        JobQueue<Object> queue = open(driver, options("mixed").withCapacity(1024).withCredits(7));
        for (int i = 0; i < 1_000; i++) {
            assertThat(queue.trySubmit(i % 7 + 1)).isPositive();
        }
        while (driver.runs.get() < 1_000) {
            Thread.onSpinWait();
        }
        assertThat(driver.mostInFlight.get()).isBetween(1L, 7L);
    }

    @Test
    void aQueueMayNotHaveMoreCreditsThanItsDriverTakes() {
        var driver = new ThreadedDriver();
        assertThatThrownBy(() -> runtime.openQueue(driver,
                QueueOptions.named("greedy").withCapacity(1 << 15).withCredits(1 << 15)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("greedy")
                .hasMessageContaining("16384");
    }
}
