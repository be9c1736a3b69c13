package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.ResettableDevice.Ring;

/** Who is meant when a device tells of a fault and names no job. */
class RecoveryHeadTest extends QueueTestBase {

    private final ResettableDevice device = new ResettableDevice();

    private JobQueue<Object> openPatient(Ring ring, String name) {
        return open(ring, options(name).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    @Test
    @DisplayName("H5: a job that the device has completed, and whose inputs are not signalled, does not hide the one behind it that hangs")
    void behindOneThatIsComplete() throws Exception {
        Ring producer = new ResettableDevice().ring();
        Ring ring = device.ring();
        ring.waits = true;
        PointFence input = openPatient(producer, "producer").submit("input");
        JobQueue<Object> queue = openPatient(ring, "q");
        PointFence waits = queue.submit("waits", input);
        PointFence hangs = queue.submit("hangs");
        ring.finishThrough(1);
        ring.start(2);
        ring.link().fault(0, "page fault");
        // They are looked at in order, and of one epoch only.
        ring.link().fault(2, "nobody cares for a page fault");
        Spin.until(() -> queue.status().recovery().hangs() == 1);
        producer.finishThrough(1);
        assertOk(waits);
        Failure failure = failureOf(hangs);
        assertThat(failure).isInstanceOf(Failure.TimedOut.class);
        assertThat(failure.message()).contains("seqno 2").contains("page fault").doesNotContain("nobody");
        assertThat(ring.ran).containsExactly(1L, 2L);
        assertThat(queue.status().recovery().hangs()).isEqualTo(1);
    }
}
