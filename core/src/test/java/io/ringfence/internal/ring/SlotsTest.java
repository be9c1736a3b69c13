package io.ringfence.internal.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.queue.QueueOptions;

import org.junit.jupiter.api.Test;

class SlotsTest {
    private final Slots slots = new Slots(2);

    @Test
    void nothingIsPublishedInANewRing() {
        for (long seqno = 1; seqno < 10; seqno++) {
            assertThat(slots.publishedAcquire(seqno)).isFalse();
        }
    }

    @Test
    void aPublishedSlotHoldsWhatItsProducerGave() {
        slots.publishRelease(1, "payload", "extra", null, false, 7);
        assertThat(slots.publishedAcquire(1)).isTrue();
        assertThat(slots.payloadPlain(1)).isEqualTo("payload");
        assertThat(slots.extraPlain(1)).isEqualTo("extra");
        assertThat(slots.creditsPlain(1)).isEqualTo(7);
        assertThat(slots.hasPlain(1, Slots.DONE | Slots.HOLE | Slots.FAILED)).isFalse();
    }

    @Test
    void aRingOfTwoWrapsAroundAndTellsTheLapsApart() {
        for (long seqno = 1; seqno < 100; seqno++) {
            slots.publishRelease(seqno, "job " + seqno, null, null, false, seqno);
            assertThat(slots.publishedAcquire(seqno)).isTrue();
            assertThat(slots.publishedAcquire(seqno + 2)).as("the next lap").isFalse();
            assertThat(slots.publishedAcquire(seqno - 2)).as("the lap before").isFalse();
            assertThat(slots.payloadPlain(seqno)).isEqualTo("job " + seqno);
            if (seqno % 2 == 1) {
                slots.markPlain(seqno, Slots.DONE);
                slots.extraPlain(seqno, "cause");
            }
            slots.clearPlain(seqno);
            assertThat(slots.publishedAcquire(seqno)).isFalse();
            assertThat(slots.payloadPlain(seqno)).isNull();
            assertThat(slots.extraPlain(seqno)).isNull();
        }
    }

    @Test
    void neighboursDoNotTouchEachOther() {
        slots.publishRelease(1, "one", "extra", null, false, 1);
        slots.publishRelease(2, "two", null, null, false, 2);
        slots.markPlain(1, Slots.FAILED);
        slots.clearPlain(1);
        assertThat(slots.publishedAcquire(2)).isTrue();
        assertThat(slots.payloadPlain(2)).isEqualTo("two");
        assertThat(slots.creditsPlain(2)).isEqualTo(2);
        assertThat(slots.hasPlain(2, Slots.FAILED)).isFalse();
    }

    @Test
    void aHoleIsDoneCostsNothingAndHasNoPayload() {
        slots.publishRelease(3, null, null, null, false, 0);
        assertThat(slots.publishedAcquire(3)).isTrue();
        assertThat(slots.payloadPlain(3)).isNull();
        assertThat(slots.creditsPlain(3)).isZero();
        assertThat(slots.hasPlain(3, Slots.HOLE)).isTrue();
        assertThat(slots.hasPlain(3, Slots.DONE)).isTrue();
        assertThat(slots.hasPlain(3, Slots.FAILED)).isFalse();
    }

    @Test
    void flagsDoNotTouchCreditsNorCreditsFlags() {
        slots.publishRelease(1, "job", null, null, false, Slots.MAX_CREDITS);
        slots.markPlain(1, Slots.DONE | Slots.FAILED);
        assertThat(slots.creditsPlain(1)).isEqualTo(Slots.MAX_CREDITS);
        slots.clearCreditsPlain(1);
        assertThat(slots.creditsPlain(1)).isZero();
        assertThat(slots.hasPlain(1, Slots.DONE)).isTrue();
        assertThat(slots.hasPlain(1, Slots.FAILED)).isTrue();
    }

    @Test
    void whatAJobCanCostFitsIntoItsSlot() {
        assertThat(QueueOptions.MAX_CAPACITY).as("no job costs more than all credits")
                .isLessThanOrEqualTo(Slots.MAX_CREDITS);
    }

    @Test
    void aLimitStandsBesideTheCreditsAndTheFlags() {
        slots.publishRelease(1, "job", null, null, false, Slots.terms(Slots.MAX_CREDITS, Slots.MAX_LIMIT_MILLIS));
        slots.publishRelease(2, "job", null, null, false, Slots.terms(3, 5));
        slots.markPlain(1, Slots.DONE | Slots.FAILED | Slots.HOLE);
        assertThat(slots.limitMillisOpaque(1)).isEqualTo(Slots.MAX_LIMIT_MILLIS);
        assertThat(slots.limitMillisOpaque(2)).isEqualTo(5);
        assertThat(slots.creditsPlain(1)).isEqualTo(Slots.MAX_CREDITS);
        assertThat(slots.creditsPlain(2)).isEqualTo(3);
        assertThat(slots.hasPlain(2, Slots.DONE | Slots.FAILED | Slots.HOLE)).isFalse();
        slots.clearCreditsPlain(2);
        assertThat(slots.limitMillisOpaque(2)).isEqualTo(5);
        slots.publishRelease(4, "job", null, null, false, 1);
        assertThat(slots.limitMillisOpaque(4)).as("the queue's").isZero();
    }

    @Test
    void whoIsToldBelongsToTheSlotUntilItIsCleared() {
        slots.publishRelease(1, "job", null, "fence", true, 1);
        slots.publishRelease(2, "job", null, null, false, 1);
        assertThat(slots.fencePlain(1)).isEqualTo("fence");
        assertThat(slots.fencePlain(2)).isNull();
        slots.clearPlain(1);
        assertThat(slots.fencePlain(1)).isNull();
        slots.publishRelease(3, "job", null, "other", true, 1);
        assertThat(slots.fencePlain(3)).isEqualTo("other");
    }

    @Test
    void whatHangsOnASlotIsNotMadeUp() {
        slots.publishRelease(1, "job", null, null, false, 1);
        assertThat(slots.extraPlain(1)).isNull();
        slots.extraPlain(1, "cause");
        assertThat(slots.extraPlain(1)).isEqualTo("cause");
        assertThat(slots.extraPlain(2)).isNull();
    }

    @Test
    void whoeverIsToldIsSeenWithoutALookAtTheFence() {
        Slots wide = new Slots(8);
        wide.publishRelease(1, "job", "extra", null, false, Slots.terms(Slots.MAX_CREDITS, 0));
        wide.publishRelease(2, "job", "extra", "fence", false, 1);
        wide.publishRelease(3, "job", "extra", "fence", true, 1);
        wide.publishRelease(4, "job", null, "fence", true, 1);
        wide.publishRelease(5, "job", null, "fence", false, 1);
        assertThat(wide.isOnlyLadenPlain(1)).isTrue();
        assertThat(wide.isOnlyLadenPlain(2)).isTrue();
        assertThat(wide.isOnlyLadenPlain(3)).as("its fence is told").isFalse();
        assertThat(wide.isOnlyLadenPlain(4)).as("its fence is told").isFalse();
        assertThat(wide.isOnlyLadenPlain(5)).as("nothing hangs on it").isFalse();
        for (long flag : new long[] {Slots.HOLE, Slots.FAILED, Slots.DONE}) {
            wide.publishRelease(6, "job", "extra", null, false, 1);
            wide.markPlain(6, flag);
            assertThat(wide.isOnlyLadenPlain(6)).isFalse();
        }
    }

    @Test
    void slotIsBareUntilSomethingHangsOnIt() {
        Slots wide = new Slots(8);
        wide.publishRelease(1, "job", null, null, false, Slots.terms(Slots.MAX_CREDITS, Slots.MAX_LIMIT_MILLIS));
        assertThat(wide.isBarePlain(1)).isTrue();
        wide.publishRelease(2, "job", "extra", null, false, 1);
        wide.publishRelease(3, "job", null, "fence", true, 1);
        wide.publishRelease(4, null, null, null, false, 0);
        for (long flag : new long[] {Slots.HOLE, Slots.FAILED, Slots.DONE}) {
            wide.publishRelease(5, "job", null, null, false, 1);
            assertThat(wide.isBarePlain(5)).isTrue();
            wide.markPlain(5, flag);
            assertThat(wide.isBarePlain(5)).isFalse();
        }
        wide.publishRelease(6, "job", null, null, false, 1);
        wide.extraPlain(6, "cause");
        for (long seqno = 2; seqno <= 6; seqno++) {
            assertThat(wide.isBarePlain(seqno)).as("seqno %d", seqno).isFalse();
        }
        assertThat(wide.creditsPlain(3)).isEqualTo(1);
    }

    @Test
    void whatHungOnASlotIsGoneWhenItWasEmptied() {
        slots.publishRelease(1, "job", "extra", "fence", true, 1);
        slots.clearPlain(1);
        slots.clearPlain(1);
        slots.publishRelease(3, "next", null, null, false, 1);
        assertThat(slots.isBarePlain(3)).isTrue();
        assertThat(slots.extraPlain(3)).isNull();
        assertThat(slots.fencePlain(3)).isNull();
        slots.clearBarePlain(3);
        assertThat(slots.publishedAcquire(3)).isFalse();
        assertThat(slots.payloadPlain(3)).isNull();
    }

    @Test
    void fenceThatIsToldOfFailuresOnlyLeavesItsSlotBare() {
        slots.publishRelease(1, "job", null, "fence", false, 1);
        assertThat(slots.isBarePlain(1)).isTrue();
        assertThat(slots.fencePlain(1)).isEqualTo("fence");
        slots.clearBarePlain(1);
        assertThat(slots.fencePlain(1)).isNull();
    }

    @Test
    void manyArePublishedAroundTheEndOfTheRing() {
        Slots wide = new Slots(8);
        Object[] jobs = {"before", "a", "b", null, "d", "behind"};
        wide.publishAllRelease(7, jobs, 1, 4, new long[] {5, Slots.terms(6, 9), 7, 8});
        for (int i = 0; i < 4; i++) {
            assertThat(wide.publishedAcquire(7 + i)).isTrue();
            assertThat(wide.payloadPlain(7 + i)).isEqualTo(jobs[1 + i]);
            assertThat(wide.isBarePlain(7 + i)).isEqualTo(i != 2);
            assertThat(wide.creditsPlain(7 + i)).isEqualTo(i == 2 ? 0 : 5 + i);
        }
        assertThat(wide.limitMillisOpaque(8)).isEqualTo(9);
        assertThat(wide.hasPlain(9, Slots.HOLE)).isTrue();
        assertThat(wide.hasPlain(9, Slots.DONE)).isTrue();
        assertThat(wide.publishedAcquire(6)).isFalse();
        assertThat(wide.publishedAcquire(11)).isFalse();
        assertThat(wide.payloadPlain(11)).isNull();
    }

    @Test
    void manyArePublishedInALaterLap() {
        Slots wide = new Slots(8);
        wide.publishAllRelease(17, new Object[] {"a", "b"}, 0, 2, null);
        assertThat(wide.publishedAcquire(17)).isTrue();
        assertThat(wide.payloadPlain(17)).isEqualTo("a");
        assertThat(wide.payloadPlain(18)).isEqualTo("b");
        assertThat(wide.publishedAcquire(19)).isFalse();
    }

    @Test
    void manyWithoutTermsCostOneCreditEach() {
        slots.publishAllRelease(1, new Object[] {"a", "b"}, 0, 2, null);
        assertThat(slots.creditsPlain(1)).isEqualTo(1);
        assertThat(slots.creditsPlain(2)).isEqualTo(1);
        assertThat(slots.payloadPlain(2)).isEqualTo("b");
    }

    @Test
    void allSlotsOfALargeRingAreThere() {
        Slots large = new Slots(64);
        for (long seqno = 1; seqno <= 64; seqno++) {
            large.publishRelease(seqno, "job " + seqno, "extra " + seqno, "fence " + seqno, true, seqno);
        }
        for (long seqno = 1; seqno <= 64; seqno++) {
            assertThat(large.publishedAcquire(seqno)).isTrue();
            assertThat(large.creditsPlain(seqno)).isEqualTo((int) seqno);
            assertThat(large.payloadPlain(seqno)).isEqualTo("job " + seqno);
            assertThat(large.fencePlain(seqno)).isEqualTo("fence " + seqno);
        }
    }

    @Test
    void seqnosBeyondAnIntFindTheirSlots() {
        long far = (1L << 40) + 1;
        slots.publishRelease(far, "far", null, null, false, 1);
        assertThat(slots.publishedAcquire(far)).isTrue();
        assertThat(slots.publishedAcquire(1)).isFalse();
        assertThat(slots.payloadPlain(far)).isEqualTo("far");
    }
}
