package io.ringfence.internal.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FailureLogTest {
    private final FailureLog log = new FailureLog();

    @Test
    void anEmptyLogKnowsNoFailure() {
        assertThat(FailureLog.find(log.tail(), 1)).isNull();
        assertThat(FailureLog.forward(log.tail(), 1)).isSameAs(log.tail());
    }

    @Test
    void oneCauseForConsecutiveSeqnosIsOneNode() {
        FailureLog.Node pin = log.tail();
        for (long seqno = 5; seqno < 1_000; seqno++) {
            log.append(seqno, "lost");
        }
        FailureLog.Node node = log.tail();
        log.append(1_000, "lost");
        assertThat(log.tail()).isSameAs(node);
        assertThat(FailureLog.find(pin, 4)).isNull();
        assertThat(FailureLog.find(pin, 5)).isEqualTo("lost");
        assertThat(FailureLog.find(pin, 1_000)).isEqualTo("lost");
        assertThat(FailureLog.find(pin, 1_001)).isNull();
    }

    @Test
    void aGapOrAnotherCauseBeginsANode() {
        FailureLog.Node pin = log.tail();
        log.append(1, "a");
        log.append(3, "a");
        log.append(4, "b");
        log.append(5, "a");
        assertThat(FailureLog.find(pin, 1)).isEqualTo("a");
        assertThat(FailureLog.find(pin, 2)).isNull();
        assertThat(FailureLog.find(pin, 3)).isEqualTo("a");
        assertThat(FailureLog.find(pin, 4)).isEqualTo("b");
        assertThat(FailureLog.find(pin, 5)).isEqualTo("a");
    }

    @Test
    @DisplayName("H9: a pin taken while a range was growing serves for what the range grows to")
    void pinnedInARange() {
        log.append(1, "a");
        log.append(2, "a");
        FailureLog.Node pin = log.tail();
        log.append(3, "a");
        log.append(7, "b");
        assertThat(FailureLog.find(pin, 3)).isEqualTo("a");
        assertThat(FailureLog.find(pin, 5)).isNull();
        assertThat(FailureLog.find(pin, 7)).isEqualTo("b");
    }

    @Test
    void goingForwardLosesNothingThatIsStillAsked() {
        FailureLog.Node pin = log.tail();
        for (long seqno = 1; seqno <= 100; seqno += 2) {
            log.append(seqno, "cause " + seqno);
        }
        for (long seqno = 1; seqno <= 102; seqno++) {
            pin = FailureLog.forward(pin, seqno);
            assertThat(FailureLog.find(pin, seqno)).isEqualTo(seqno % 2 == 1 && seqno < 100 ? "cause " + seqno : null);
        }
        assertThat(pin).isSameAs(log.tail());
    }

    @Test
    void goingForwardToTheFirstOfARangeComesToIt() {
        FailureLog.Node pin = log.tail();
        log.append(5, "a");
        assertThat(FailureLog.forward(pin, 4)).isSameAs(pin);
        assertThat(FailureLog.forward(pin, 5)).isSameAs(log.tail());
    }
}
