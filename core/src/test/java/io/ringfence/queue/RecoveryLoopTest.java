package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;

/** The thread of recovery; the test makes its rounds. */
class RecoveryLoopTest extends QueueTestBase {

    /** Finds no memory at one of its calls, once. */
    private static final class Scarce extends LinkedHashSet<Recovery> {
        private static final long serialVersionUID = 1L;
        private int left;

        Scarce(int call) {
            left = call;
        }

        @Override
        public boolean add(Recovery recovery) {
            pass();
            return super.add(recovery);
        }

        @Override
        public Iterator<Recovery> iterator() {
            pass();
            return super.iterator();
        }

        private void pass() {
            if (--left == 0) {
                throw new OutOfMemoryError("as if");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    @DisplayName("H14: domains that could not be looked at for want of memory are looked at in the next round")
    void noMemoryForALook(int call) throws Exception {
        RecoveryLoop loop = new RecoveryLoop(runtime, "scarce", new Scarce(call));
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            JobQueue<Object> queue = open(new ManualDriver());
            jobs.add(queue.submit("job"));
            Recovery alone = new Recovery(loop, null, "alone" + i);
            alone.join(queue.core());
            alone.request(new RecoveryRequest(queue.core(), 0, 1, 0, RecoveryRequest.NO_CLOCK, "hangs"));
        }
        if (call == 4) {
            assertThatThrownBy(loop::work).isInstanceOf(OutOfMemoryError.class).hasMessage("as if");
        } else {
            assertThat(loop.work()).as("it is to rest for a while").isFalse();
        }
        assertThat(loop.nanosToWait()).as("it goes on by itself").isPositive();
        Spin.until(loop::work);
        for (PointFence job : jobs) {
            assertThat(failureOf(job)).isInstanceOf(Failure.DeviceLost.class);
        }
        assertThat(loop.work()).isFalse();
        assertThat(loop.nanosToWait()).isZero();
    }
}
