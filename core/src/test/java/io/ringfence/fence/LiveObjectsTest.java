package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What those who look for the reason of a hang are shown. */
class LiveObjectsTest {
    private final SyncObject object = SyncObject.create("shown object");
    private final Reservation memory = Reservation.create("shown memory");
    private final SignalledFence first = new SignalledFence("the first", null);
    private final SignalledFence second = new SignalledFence("the second", null);

    @Test
    void aSyncObjectIsShownAsLongAsItsFenceIsPending() {
        assertThat(LiveObjects.dump()).doesNotContain("shown object");
        object.replace(first);
        assertThat(LiveObjects.dump().lines()).contains("sync object shown object: the first");
        first.settle(null);
        assertThat(LiveObjects.dump()).doesNotContain("shown object");
    }

    @Test
    void pointsAreShownFromTheFirstThatIsPending() {
        object.add(2, first);
        object.add(5, second);
        assertThat(LiveObjects.dump().lines())
                .contains("sync object shown object: points 2 to 5 pending, the first stands for the first");
        first.settle(null);
        assertThat(LiveObjects.dump().lines())
                .contains("sync object shown object: points 5 to 5 pending, the first stands for the second");
        second.settle(null);
        assertThat(LiveObjects.dump()).doesNotContain("shown object");
    }

    @Test
    void waitsForPointsThatNobodySubmittedAreShown() {
        object.replace(first);
        Registration waits = object.on(1, SyncObject.Until.SUBMITTED, () -> {
        });
        assertThat(LiveObjects.dump().lines()).contains(
                "sync object shown object: the first; there are waits for points not submitted yet");
        first.settle(null);
        assertThat(LiveObjects.dump().lines())
                .contains("sync object shown object: there are waits for points not submitted yet");
        waits.cancel();
        assertThat(LiveObjects.dump()).doesNotContain("shown object");
    }

    @Test
    void aReservationIsShownWithItsPendingFences() throws Exception {
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 2);
            locks.add(memory, first, Usage.WRITE);
            locks.add(memory, second, Usage.READ);
        }
        assertThat(LiveObjects.dump().lines())
                .contains("reservation shown memory: WRITE the first, READ the second");
        first.settle(null);
        second.settle(null);
        assertThat(LiveObjects.dump()).doesNotContain("shown memory");
    }
}
