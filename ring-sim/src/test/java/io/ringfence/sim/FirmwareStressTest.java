package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many producers, nothing lost, nothing twice. */
@Timeout(180)
class FirmwareStressTest extends DeviceTestBase {
    private static final int PRODUCERS = 4;
    private static final int JOBS = 20_000;

    @ParameterizedTest
    @CsvSource({"1024,256,false", "8,4,false", "1024,256,true"})
    void fourProducersOnOneQueue(int capacity, int credits, boolean virtual) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withSlots(256));
        JobQueue<Command> queue =
                open(device, QueueOptions.named("stress").withCapacity(capacity).withCredits(credits));
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            FutureTask<Void> task = new FutureTask<>(() -> {
                produce(queue);
                return null;
            });
            tasks.add(task);
            if (virtual) {
                Thread.ofVirtual().start(task);
            } else {
                new Thread(task, "producer-" + producer).start();
            }
        }
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
        assertOk(queue.submit(Command.nop()));
        assertThat(queue.timeline().signaled()).isEqualTo((long) PRODUCERS * JOBS + 1);
    }

    private static void produce(JobQueue<Command> queue) throws InterruptedException {
        PointFence last = null;
        for (int i = 0; i < JOBS; i++) {
            PointFence fence = queue.submit(Command.nop());
            assertThat(last == null || last.seqno() < fence.seqno()).isTrue();
            last = fence;
            if (i % 64 == 0 && fence.await() != Outcome.OK) {
                throw new AssertionError(fence + ": " + fence.failure());
            }
        }
        assertOk(last);
    }
}
