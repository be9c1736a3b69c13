package io.ringfence.figures.scheduler;

import java.util.concurrent.CountDownLatch;

/** An executor that takes the first task of a priority queue, which has the same number of jobs, and one before them that waits. */
final class ExecutorDecisions implements Decisions {

    private final PriorityExecutor executor = new PriorityExecutor();
    private CountDownLatch gate = new CountDownLatch(1);
    private long jobs;

    @Override
    public void load() throws InterruptedException {
        CountDownLatch next = new CountDownLatch(1);
        gate = next;
        CountDownLatch held = new CountDownLatch(1);
        executor.submitFirst(() -> hold(held, next));
        held.await();
        for (int i = 0; i < JOBS; i++) {
            // As for a fair order: one of each entity, then the next of each.
            executor.submit(++jobs);
        }
    }

    private static void hold(CountDownLatch held, CountDownLatch gate) {
        held.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts here", e);
        }
    }

    @Override
    public long unload() {
        gate.countDown();
        while (executor.done() < jobs) {
            Thread.onSpinWait();
        }
        return jobs;
    }

    @Override
    public void close() {
        executor.close();
    }
}
