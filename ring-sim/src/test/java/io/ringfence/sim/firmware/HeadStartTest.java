package io.ringfence.sim.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the firmware lets a host get ahead: found out by trying. */
class HeadStartTest {
    private final HeadStart headStart = new HeadStart();

    /** How many rounds it takes until the next head start, if each finds one command. */
    private int roundsToNext(boolean follows) {
        for (int rounds = 1; rounds <= 10_000; rounds++) {
            if (headStart.isDue(1, follows)) {
                return rounds;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void hostThatWaitsForEachCommandIsNotKeptWaiting() {
        assertThat(roundsToNext(false)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void hostThatGoesOnGetsAheadAgainAndAgain() {
        assertThat(roundsToNext(true)).isEqualTo(16);
        for (int i = 0; i < 100; i++) {
            assertThat(headStart.isDue(40, true)).as("what it was good for is executed").isFalse();
            assertThat(headStart.isDue(1, true)).as("the host went on meanwhile").isTrue();
        }
    }

    @Test
    void hostThatWaitsForTheEndOfABatchIsHardlyKeptWaiting() {
        assertThat(roundsToNext(true)).isEqualTo(16);
        assertThat(headStart.isDue(64, true)).isFalse();
        assertThat(headStart.isDue(64, false)).as("the next batch came when the first was done").isFalse();
        assertThat(roundsToNext(true)).isEqualTo(32);
    }

    @Test
    void triesInVainBecomeRare() {
        int last = roundsToNext(true);
        for (int tries = 0; tries < 12; tries++) {
            assertThat(headStart.isDue(15, true)).as("little was gained").isFalse();
            int next = roundsToNext(true);
            assertThat(next).isEqualTo(Math.min(1024, 2 * last));
            last = next;
        }
        assertThat(headStart.isDue(100, true)).isFalse();
        assertThat(headStart.isDue(1, true)).as("it was worth while").isTrue();
        assertThat(headStart.isDue(1, true)).isFalse();
        assertThat(roundsToNext(true)).as("after a success, tried sooner again").isEqualTo(32);
    }
}
