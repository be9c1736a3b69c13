package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.FutureTask;

/** Threads whose errors reach the test, and waiting for what only threads and the collector do. */
final class TestThreads {

    private TestThreads() {
    }

    /** Runs a body on a platform thread of its own; join by {@link FutureTask#get()}. */
    static FutureTask<Void> start(String name, FenceTest.Body body) {
        return start(name, 0, body);
    }

    static FutureTask<Void> start(String name, long stackSize, FenceTest.Body body) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            body.run();
            return null;
        });
        Thread thread = new Thread(null, task, name, stackSize);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    static void join(List<FutureTask<Void>> tasks) throws Exception {
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }

    static boolean isParked(Thread thread) {
        Thread.State state = thread.getState();
        assertThat(state).isNotEqualTo(Thread.State.TERMINATED);
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    static void awaitParked(Thread thread) {
        while (!isParked(thread)) {
            spin();
        }
    }

    /** One round of waiting for something that only shows itself by being so; ends when the test's time is over. */
    static void spin() {
        assertThat(Thread.currentThread().isInterrupted()).as("the time is over").isFalse();
        Thread.onSpinWait();
    }

    static void awaitCollected(WeakReference<?> reference) {
        while (reference.get() != null) {
            System.gc();
            spin();
        }
    }
}
