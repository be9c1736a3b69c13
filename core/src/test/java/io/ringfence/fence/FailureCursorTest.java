package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringfence.internal.timeline.Producer;
import io.ringfence.internal.timeline.TimelineState;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Outcomes of points that nobody made a fence of. */
class FailureCursorTest {
    private final TimelineState state = new TimelineState(16);
    private final FailureCursor cursor = new FailureCursor(new Timeline("engine", state));
    private final Failure cause = new Failure.Cancelled("test");

    FailureCursorTest() {
        state.failures().append(2, cause);
        state.signaledVolatile(3);
    }

    private static void assertRefused(ThrowingCallable asked, String why) {
        assertThatThrownBy(asked).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(why);
    }

    @Test
    void aPointIsOkUnlessItHasFailed() {
        assertThat(cursor.isOk(1)).isTrue();
        assertThat(cursor.isOk(2)).isFalse();
        assertThat(cursor.isOk(3)).isTrue();
        assertThat(cursor.fence(2).failure()).isEqualTo(cause);
        assertThat(cursor.fence(3).outcome()).isEqualTo(Outcome.OK);
        assertThat(cursor.outcome(1)).isEqualTo(Outcome.OK);
        assertThat(cursor.outcome(2)).isEqualTo(Outcome.FAILED);
        assertThat(cursor.failure(2)).isEqualTo(cause);
        assertThat(cursor.outcome(4)).isEqualTo(Outcome.PENDING);
    }

    @Test
    void aPointThatIsSubmittedAndNotDoneIsNotOk() {
        state.producer(new Producer() {
            @Override
            public void poll() {
                // Nothing comes of it.
            }

            @Override
            public long claimed() {
                return 5;
            }

            @Override
            public void enableSignalling() {
                // Nobody advances it here.
            }

            @Override
            public void hintDeadline(long seqno, long nanoTime) {
                // There is no device.
            }
        });
        assertThat(cursor.isOk(4)).isFalse();
        assertThat(cursor.isOk(5)).isFalse();
        assertRefused(() -> cursor.isOk(6), "must be 1 to 5");
        state.signaledVolatile(4);
        assertThat(cursor.isOk(4)).isTrue();
    }

    @Test
    void itIsAskedUpwardsOnly() {
        assertThat(cursor.failure(2)).isEqualTo(cause);
        assertRefused(() -> cursor.failure(1), "point 1 of engine");
        assertRefused(() -> cursor.isOk(1), "must be 2 or more");
        assertRefused(() -> cursor.fence(1), "must be 2 or more");
        assertThat(cursor.isOk(2)).isFalse();
        assertThat(cursor.isOk(3)).isTrue();
    }

    @Test
    void whatWasNotSubmittedCannotBeNamed() {
        assertRefused(() -> cursor.isOk(0), "must be 1 to 3");
        assertRefused(() -> cursor.isOk(4), "must be 1 to 3");
        assertRefused(() -> cursor.fence(0), "must be 1 to 3");
        assertRefused(() -> cursor.fence(4), "must be 1 to 3");
    }
}
