package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.timeline.TimelineState;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may claim although others wait. */
class SubmitterLineTest {
    private static final int CAPACITY = 4;

    private final TimelineState timeline = new TimelineState(CAPACITY);
    private final SubmitterLine line = new SubmitterLine(new ClaimCursor(timeline, CAPACITY), timeline, CAPACITY);
    private final SubmitterLine.Place first = SubmitterLine.placeFor(2);
    private final SubmitterLine.Place second = SubmitterLine.placeFor(1);

    @Test
    @DisplayName("H21: room that was promised to one who has left the line is promised once, however often he is found served")
    void promisedOnce() {
        line.enter(first);
        line.enter(second);
        assertThat(line.lets(1)).isFalse();

        assertThat(line.leave(first, 2)).isTrue();
        assertThat(line.leave(first, 2)).as("a second look at it").isFalse();

        assertThat(line.lets(2)).isTrue();
        assertThat(line.lets(1)).as("past the one who waits").isFalse();
        assertThat(line.length()).isOne();
    }

    @Test
    @DisplayName("H21: a promise is void when nobody waits any more")
    void voidWhenEmpty() {
        line.enter(first);
        assertThat(line.leave(first, 2)).isTrue();
        assertThat(line.lets(CAPACITY)).as("nobody waits").isTrue();

        line.enter(second);

        assertThat(line.lets(1)).as("by an old promise").isFalse();
    }
}
