package io.ringfence.sim.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When the firmware lets a host get ahead: found out by trying. */
class HeadStartTest {
    private final HeadStart headStart = new HeadStart();

    /** How many rounds it takes until the next head start, if each finds so many commands after so many empty rounds. */
    private int roundsToNext(int completed, int empty) {
        for (int rounds = 1; rounds <= 10_000; rounds++) {
            if (headStart.isDue(completed, empty)) {
                return rounds;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void hostThatWaitsForEachCommandIsNotKeptWaiting() {
        assertThat(roundsToNext(1, 10)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void closeFollowingIsTriedOut() {
        assertThat(roundsToNext(1, 0)).isEqualTo(16);
        assertThat(headStart.isDue(40, 0)).as("it was worth while").isTrue();
        assertThat(headStart.isDue(4, 0)).isTrue();
    }

    @Test
    void triesInVainBecomeRare() {
        int last = roundsToNext(1, 0);
        for (int tries = 0; tries < 12; tries++) {
            assertThat(headStart.isDue(1, 0)).as("nothing was gained").isFalse();
            int next = roundsToNext(1, 0);
            assertThat(next).isEqualTo(Math.min(1024, 2 * last));
            last = next;
        }
        assertThat(headStart.isDue(100, 0)).isTrue();
        assertThat(headStart.isDue(1, 0)).isFalse();
        assertThat(roundsToNext(1, 0)).as("after a success, tried sooner again").isEqualTo(32);
    }
}
