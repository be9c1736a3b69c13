package io.ringfence.sim.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When interrupts are held back. */
class InterruptDelayTest {

    private final SharedMemory memory = new SharedMemory(RingLayout.DESCRIPTOR_BYTES);
    private int epoch = 3;
    private final InterruptDelay delay = new InterruptDelay(memory, 0, () -> epoch);

    @BeforeEach
    void processors() {
        assumeThat(Runtime.getRuntime().availableProcessors()).as("processors").isGreaterThan(1);
    }

    private long asked() {
        long word = memory.longAcquire(RingLayout.INTERRUPT_DELAY_OFFSET);
        return RingLayout.epoch(word) == epoch ? RingLayout.seqno(word) : 0;
    }

    private long seen() {
        return memory.longAcquire(RingLayout.SEEN_OFFSET);
    }

    @Test
    void withoutAPollerNoneIsHeldBack() {
        delay.came(4, 3);
        delay.seen(5);
        assertThat(asked()).isZero();
        assertThat(seen()).as("nobody would read it").isZero();
    }

    @Test
    void oneThatComesTooLateHasTheNextHeldBack() {
        delay.came(4, 4);
        assertThat(asked()).isEqualTo(InterruptDelay.NANOS);
        delay.seen(5);
        assertThat(seen()).isEqualTo(5);
    }

    @Test
    void oneThatTellsNewsEndsThat() {
        delay.came(4, 4);
        delay.came(6, 5);
        assertThat(asked()).isZero();
    }

    @Test
    void twoThatComeTogetherSayNothingOfAPoller() {
        delay.came(4, 3);
        delay.looked(5);
        delay.came(5, 5);
        assertThat(asked()).isZero();
        delay.came(6, 7);
        assertThat(asked()).as("somebody was there before").isEqualTo(InterruptDelay.NANOS);
    }

    @Test
    void isSaidAnewAfterAReset() {
        delay.came(4, 4);
        epoch++;
        assertThat(asked()).as("of another epoch").isZero();
        delay.came(6, 6);
        assertThat(asked()).isEqualTo(InterruptDelay.NANOS);
    }
}
