package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

/** Queues that share a budget of four credits. */
abstract class BudgetTestBase extends OwnQueuesTestBase {
    final CreditBudget budget = CreditBudget.create("shared", 4);

    final JobQueue<Object> drawing(CheckedDriver driver, String name) {
        return open(driver, options(name).withBudget(budget));
    }

    final void assertAllBack() {
        Spin.until(() -> budget.waiting() == 0);
        assertThat(budget.available()).as("free").isEqualTo(budget.limit());
    }
}
