package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cancelling at the very moment at which a job is run. */
class CancelRaceTest extends QueueTestBase {
    private static final int ROUNDS = 20_000;

    @Test
    @DisplayName("H10: cancelled while it is handed over, a job is either run or cancelled, and signalled once")
    void cancelBesideRun() throws Exception {
        var ran = new AtomicIntegerArray(ROUNDS + 1);
        var notRun = new AtomicIntegerArray(ROUNDS + 1);
        var driver = new InlineDriver() {
            @Override
            void started(long seqno, Object payload) throws Exception {
                ran.incrementAndGet((int) seqno);
                super.started(seqno, payload);
            }

            @Override
            void cancelled(long seqno, Object payload) {
                notRun.incrementAndGet((int) seqno);
            }
        };
        JobQueue<Object> queue = open(driver);
        var signalled = new AtomicIntegerArray(ROUNDS + 1);
        var barrier = new CyclicBarrier(2);
        var gates = new FenceIssuer[ROUNDS + 1];
        FutureTask<Void> canceller = start("canceller", () -> {
            for (int seqno = 1; seqno <= ROUNDS; seqno++) {
                Spin.meet(barrier);
                boolean _ = queue.cancel(seqno);
            }
        });
        int cancelled = 0;
        for (int seqno = 1; seqno <= ROUNDS; seqno++) {
            int mine = seqno;
            gates[seqno] = FenceIssuer.create("gate");
            PointFence job = queue.submit("job", gates[seqno].fence());
            var _ = job.onDone(() -> signalled.incrementAndGet(mine));
            Spin.meet(barrier);
            gates[seqno].signal();
            if (job.await() == Outcome.FAILED) {
                assertThat(job.failure()).isInstanceOf(Failure.Cancelled.class);
                cancelled++;
            }
        }
        canceller.get();
        assertOk(queue.startClose());
        for (int seqno = 1; seqno <= ROUNDS; seqno++) {
            assertThat(ran.get(seqno) + notRun.get(seqno)).as("run or cancel of %s", seqno).isEqualTo(1);
            assertThat(signalled.get(seqno)).as("callbacks of %s", seqno).isEqualTo(1);
        }
        assertThat(driver.cancels).hasValue(cancelled);
    }

    @Test
    @DisplayName("H10: two threads cancel what two others submit; what was not cancelled is ok, and the ring goes on")
    void cancelBesideTraffic() throws Exception {
        var driver = new ThreadedDriver();
        JobQueue<Object> queue = open(driver, options("traffic").withCapacity(32).withCredits(4));
        var last = new AtomicLong();
        var ok = new AtomicInteger();
        var failed = new AtomicInteger();
        var refused = new AtomicLong();
        List<FutureTask<Void>> submitters = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            submitters.add(start("submitter", () -> {
                for (int job = 0; job < ROUNDS; job++) {
                    PointFence fence = queue.submit("job");
                    last.accumulateAndGet(fence.seqno(), Math::max);
                    if (job % 64 == 0) {
                        (fence.await() == Outcome.OK ? ok : failed).incrementAndGet();
                    } else {
                        var _ = fence.onDone(
                                () -> (fence.outcome() == Outcome.OK ? ok : failed).incrementAndGet());
                    }
                }
            }));
        }
        List<FutureTask<Void>> cancellers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int parity = i;
            cancellers.add(start("canceller", () -> {
                for (long known = 0; known < 2 * ROUNDS; known = last.get()) {
                    long target = known - known % 8 - parity;
                    if (target > 0 && !queue.cancel(target)) {
                        refused.incrementAndGet();
                    }
                    Thread.onSpinWait();
                }
            }));
        }
        join(submitters);
        join(cancellers);
        queue.close();

        assertThat(ok.get() + failed.get()).isEqualTo(2 * ROUNDS);
        assertThat(driver.runs).hasValue(ok.get());
        assertThat(driver.cancels).hasValue(failed.get());
        assertThat(driver.mostInFlight.get()).isBetween(1L, 4L);
    }
}
