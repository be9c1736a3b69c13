package io.ringfence.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A quick run ends in time on a slow machine, too. */
class PaceTest {

    private final Pace pace = new Pace(Duration.ofNanos(100));

    @Test
    @DisplayName("there is time for another round if it fits, by what its questions took last")
    void fits() {
        assertThat(pace.hasTimeFor(List.of(Question.P1, Question.P9))).as("nothing is known").isTrue();
        pace.took(Question.P1, 30);
        pace.took(Question.P9, 40);
        assertThat(pace.hasTimeFor(List.of(Question.P1))).as("all of it").isTrue();
        assertThat(pace.hasTimeFor(List.of(Question.P1, Question.P9))).isFalse();
        pace.took(Question.P1, 14);
        assertThat(pace.hasTimeFor(List.of(Question.P1))).as("the last time it took less").isTrue();
        pace.took(Question.P1, 14);
        assertThat(pace.hasTimeFor(List.of(Question.P1))).isFalse();
        assertThat(pace.hasTimeFor(List.of())).isTrue();
    }

    @Test
    @DisplayName("a quick run leaves out rounds rather than take more than five minutes; others take as long as they do")
    void bounds() {
        assertThat(Effort.QUICK.bound).isLessThan(Duration.ofMinutes(5));
        assertThat(Effort.FULL.bound).isGreaterThan(Duration.ofDays(1));
        assertThat(Effort.SMOKE.rounds).isEqualTo(1);
    }
}
