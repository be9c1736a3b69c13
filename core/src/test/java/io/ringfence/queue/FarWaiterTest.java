package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.driver.Completions;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One who waits for the last job of a long ring. */
class FarWaiterTest extends QueueTestBase {
    private static final int JOBS = 1 << 19;

    /** Completes what it is told to, and keeps nothing. */
    private static final class SteppedDriver extends CheckedDriver {
        volatile long through;

        @Override
        void started(long seqno, Object payload) {
        }

        @Override
        void report(Completions completions) {
            completions.completedThrough(through);
        }

        @Override
        void letGo() {
            through = runs.get();
            link().interrupt();
        }
    }

    @Test
    @DisplayName("H20: with a waiter for the last of half a million jobs, the others are finished one by one and waited for in turn")
    void oneByOne() throws Exception {
        var driver = new SteppedDriver();
        JobQueue<Object> queue = open(driver, options("long").withCapacity(JOBS).withCredits(JOBS));
        List<PointFence> fences = new ArrayList<>(JOBS);
        for (int i = 0; i < JOBS; i++) {
            fences.add(queue.submit("job"));
        }
        var calls = new AtomicInteger();
        fences.getLast().onDone(calls::incrementAndGet);

        for (int i = 0; i < JOBS - 1; i++) {
            // Whoever visits all places up to the last one for each job does not come to an end.
            if (Thread.interrupted()) {
                throw new InterruptedException("at job " + i);
            }
            fences.get(i).onDone(calls::incrementAndGet);
            driver.through = i + 1L;
            queue.timeline().poll();
        }

        assertThat(calls).hasValue(JOBS - 1);
        driver.letGo();
        assertOk(fences.getLast());
        queue.close();
        assertThat(calls).hasValue(JOBS);
    }
}
