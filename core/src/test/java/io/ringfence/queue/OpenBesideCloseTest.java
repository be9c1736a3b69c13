package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import io.ringfence.fence.PointFence;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.queue.ResettableDevice.Ring;

/** A queue that is opened while its runtime is closed. */
class OpenBesideCloseTest extends QueueTestBase {

    private final ResettableDevice device = new ResettableDevice();
    private final Deferred nothing = new Deferred() {
        @Override
        protected Deferred perform() {
            return null;
        }
    };

    private JobQueue<Object> openPatient(Ring ring, String name) {
        return open(ring, options(name).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    @Test
    @DisplayName("H19: a queue whose domain was reset and whose runtime was closed while it was opened ends, and the threads with it")
    void domainWasReset() throws Exception {
        Ring ring = device.ring();
        PointFence guilty = openPatient(ring, "early").submit("guilty");
        ring.start(1);
        Ring late = device.ring();
        late.whileOpened = () -> {
            ring.link().fault(1, "hangs");
            Spin.until(guilty::isDone);
            runtime.close();
        };
        JobQueue<Object> queue = openPatient(late, "late");
        assertOk(queue.ended());
        assertThat(late.epoch).isEqualTo(1);
        assertThat(queue.trySubmit("job")).isEqualTo(SubmitCode.CLOSED);
        assertThat(runtime.threads().handOver(nothing)).isFalse();
    }

    @Test
    @DisplayName("H19: a driver that cannot be opened does not keep the threads of a runtime that was closed meanwhile")
    void driverCannotBeOpened() {
        Ring late = device.ring();
        late.whileOpened = () -> {
            runtime.close();
            throw new IllegalStateException("broken");
        };
        assertThatThrownBy(() -> runtime.openQueue(late, options("late"))).hasMessage("broken");
        assertThat(runtime.threads().handOver(nothing)).isFalse();
        assertThatThrownBy(() -> runtime.openQueue(late, options("later"))).hasMessageContaining("closed");
    }
}
