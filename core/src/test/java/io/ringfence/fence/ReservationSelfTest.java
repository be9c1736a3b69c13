package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Reservation.Entry;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kernel's self-tests of {@code dma_resv}, and what else a reservation promises about its list. */
@Timeout(180)
class ReservationSelfTest extends ReservationTestBase {
    // ---- the kernel's cases

    @Test
    @DisplayName("dma_resv: sanitycheck")
    void aFreshReservationCanBeLockedReservedAndUnlocked() throws Exception {
        locks.reserve(memory, 1);
        locks.close();
        locks = ReservationLocks.lock(memory);
        locks.reserve(memory, 1);
        assertThat(all()).isEmpty();
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        assertThat(memory).hasToString("reservation memory");
        assertThat(memory.name()).isEqualTo("memory");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("dma_resv: signaling")
    void aReservationIsDoneWhenItsFenceIs(Usage usage) {
        add(f, usage);
        assertThat(memory.isDone(usage)).isFalse();
        issuer.signal();
        assertThat(memory.isDone(usage)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("dma_resv: for_each")
    void theHolderOfTheLockFindsExactlyWhatItAdded(Usage usage) {
        add(f, usage);
        assertThat(memory.entries(usage)).containsExactly(new Entry(f, usage));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("dma_resv: for_each_unlocked")
    void aListThatWasReadStaysAsItWasAndReadingAgainBringsTheNewOne(Usage usage) {
        add(f, usage);
        locks.close();
        List<Entry> before = memory.entries(usage);
        assertThat(before).containsExactly(new Entry(f, usage));

        try (ReservationLocks again = ReservationLocks.tryLock(memory)) {
            again.reserve(memory, 1);
            again.add(memory, timeline.point(1), usage);
        }
        assertThat(before).containsExactly(new Entry(f, usage));
        assertThat(memory.entries(usage)).hasSize(2).startsWith(new Entry(f, usage));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("dma_resv: get_fences")
    void theFencesOfAReservationAreThoseAdded(Usage usage) {
        add(f, usage);
        assertThat(memory.fences(usage)).containsExactly(f);
        assertThat(memory.fence(usage)).isSameAs(f);
    }

    // ---- usages

    @ParameterizedTest
    @EnumSource
    @DisplayName("F47: asking for a usage brings those before it and none after it")
    void usagesAreOrdered(Usage asked) {
        List<Entry> added = new ArrayList<>();
        for (Usage usage : List.of(Usage.BOOKKEEP, Usage.READ, Usage.WRITE, Usage.KERNEL)) {
            var entry = new Entry(new SignalledFence(usage.name(), null), usage);
            add(entry.fence(), usage);
            added.add(entry);
        }
        List<Entry> expected = added.stream().filter(entry -> entry.usage().compareTo(asked) <= 0).toList();
        assertThat(memory.entries(asked)).containsExactlyElementsOf(expected);
        assertThat(memory.fence(asked).leaves())
                .containsExactlyInAnyOrderElementsOf(expected.stream().map(Entry::fence).toList());
    }

    @Test
    @DisplayName("F47: readers wait for writers, writers for both, everybody for the kernel, nobody for bookkeeping")
    void waitedForBy() {
        assertThat(Usage.values()).containsExactly(Usage.KERNEL, Usage.WRITE, Usage.READ, Usage.BOOKKEEP);
        assertThat(Usage.waitedForBy(false)).isEqualTo(Usage.WRITE);
        assertThat(Usage.waitedForBy(true)).isEqualTo(Usage.READ);
        assertThat(Usage.of(false)).isEqualTo(Usage.READ);
        assertThat(Usage.of(true)).isEqualTo(Usage.WRITE);
    }

    // ---- room

    @Test
    @DisplayName("F48: nothing is added without room")
    void addWithoutRoom() {
        assertThatThrownBy(() -> locks.add(memory, f, Usage.READ)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no room").hasMessageContaining("memory").hasMessageContaining("reserve");
        locks.reserve(memory, 2);
        locks.add(memory, f, Usage.READ);
        locks.add(memory, timeline.point(1), Usage.READ);
        assertThatThrownBy(() -> locks.add(memory, timeline.point(2), Usage.READ))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("no room");
        assertThat(all()).containsExactly(f, timelineFence());
    }

    private Fence timelineFence() {
        return all().get(1);
    }

    @Test
    @DisplayName("F48: room that was not used is lost with the lock")
    void roomIsLost() throws Exception {
        locks.reserve(memory, 3);
        locks.add(memory, f, Usage.READ);
        locks.close();
        locks = ReservationLocks.lock(memory);
        assertThatThrownBy(() -> locks.add(memory, timeline.point(1), Usage.READ))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("no room");
        assertThat(all()).containsExactly(f);
    }

    @Test
    void roomCountsFromNowAndForOneOrMore() {
        locks.reserve(memory, 3);
        locks.reserve(memory, 1);
        locks.add(memory, f, Usage.READ);
        assertThatThrownBy(() -> locks.add(memory, timeline.point(1), Usage.READ))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> locks.reserve(memory, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("room for 0");
    }

    @Test
    void roomForManyFencesKeepsThemInOrder() {
        List<Fence> added = new ArrayList<>();
        for (int batch = 1; batch < 50; batch++) {
            locks.reserve(memory, batch);
            for (int i = 0; i < batch; i++) {
                added.add(new SignalledFence(batch + "." + i, null));
                locks.add(memory, added.getLast(), Usage.READ);
            }
        }
        assertThat(all()).isEqualTo(added);
    }

    @Test
    void nothingIsChangedWithoutTheLock() {
        Reservation other = Reservation.create("other");
        assertThatThrownBy(() -> locks.reserve(other, 1)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("other").hasMessageContaining("not locked");
        assertThatThrownBy(() -> locks.add(other, f, Usage.READ)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> locks.replace(other, f, f, Usage.READ)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> locks.copy(other, memory)).isInstanceOf(IllegalStateException.class);
    }

    // ---- what takes the place of what

    @Test
    @DisplayName("F48: a later point of a timeline covers earlier ones of as weak a usage")
    void laterPointCovers() {
        Fence first = timeline.point(1);
        Fence second = timeline.point(2);
        add(first, Usage.READ);
        add(f, Usage.READ);
        add(second, Usage.WRITE);
        assertThat(all()).containsExactly(first, f, second);
        locks.reserve(memory, 1);
        assertThat(all()).containsExactly(f, second);
    }

    @Test
    @DisplayName("F48: nor is anything kept twice: a later point covers earlier ones of the same usage, and a point itself")
    void laterPointOfTheSameUsageCovers() {
        Fence second = timeline.point(2);
        add(timeline.point(1), Usage.READ);
        add(second, Usage.READ);
        locks.reserve(memory, 1);
        assertThat(all()).containsExactly(second);
        add(second, Usage.READ);
        locks.reserve(memory, 1);
        assertThat(all()).containsExactly(second);
    }

    @Test
    @DisplayName("F48: it does not cover one of a stronger usage, nor an earlier point a later one")
    void laterPointOfWeakerUsageDoesNotCover() {
        Fence second = timeline.point(2);
        Fence third = timeline.point(3);
        Fence first = timeline.point(1);
        add(second, Usage.KERNEL);
        add(third, Usage.READ);
        add(first, Usage.KERNEL);
        locks.reserve(memory, 1);
        assertThat(all()).contains(second, third);
        assertThat(memory.fences(Usage.KERNEL)).contains(second);
    }

    @Test
    void fencesWithoutATimelineNeverCoverEachOther() {
        Fence other = new SignalledFence("other", null);
        add(f, Usage.READ);
        add(other, Usage.READ);
        locks.reserve(memory, 1);
        assertThat(all()).containsExactly(f, other);
    }

    @Test
    @DisplayName("F48, F50: signalled fences are not shown, and dropped when room is made")
    void signalledAreDropped() {
        add(timeline.point(1), Usage.WRITE);
        add(f, Usage.WRITE);
        timeline.advance(1);
        assertThat(all()).containsExactly(f);
        for (int i = 0; i < 10_000; i++) {
            SignalledFence done = new SignalledFence("done", null);
            add(done, Usage.WRITE);
            done.settle(null);
        }
        locks.reserve(memory, 1);
        assertThat(all()).containsExactly(f);
    }

    @Test
    @DisplayName("F49: a fence takes the place of a preempt fence, by identity")
    void replaceByIdentity() {
        PreemptIssuer preempt = PreemptIssuer.allocate("preempt");
        Fence preemption = preempt.arm(FenceIssuer::signal);
        Fence unmap = timeline.point(1);
        add(preemption, Usage.BOOKKEEP);
        add(f, Usage.BOOKKEEP);
        locks.reserve(memory, 1);

        assertThat(locks.replace(memory, preemption, unmap, Usage.READ)).isEqualTo(1);
        assertThat(memory.entries(Usage.BOOKKEEP)).containsExactly(new Entry(unmap, Usage.READ),
                new Entry(f, Usage.BOOKKEEP));
        assertThat(locks.replace(memory, preemption, f, Usage.READ)).as("it is not there any more").isZero();

        Fence more = new SignalledFence("more", null);
        locks.add(memory, more, Usage.BOOKKEEP);
        assertThat(all()).as("the room stays").containsExactly(unmap, f, more);
        preempt.signal();
    }

    @Test
    @DisplayName("F49: and of every point of the old one's timeline")
    void replaceByTimeline() {
        locks.reserve(memory, 2);
        locks.add(memory, timeline.point(1), Usage.READ);
        locks.add(memory, timeline.point(2), Usage.BOOKKEEP);
        assertThat(locks.replace(memory, timeline.point(9), f, Usage.WRITE)).isEqualTo(2);
        assertThat(memory.entries(Usage.BOOKKEEP)).isNotEmpty()
                .allSatisfy(entry -> assertThat(entry).isEqualTo(new Entry(f, Usage.WRITE)));
    }

    @Test
    @DisplayName("F50: what another reservation holds is copied, without what is signalled")
    void copy() {
        Reservation target = Reservation.create("target");
        add(timeline.point(1), Usage.KERNEL);
        add(f, Usage.BOOKKEEP);
        Fence pending = new ManualTimeline("other").point(1);
        add(pending, Usage.WRITE);
        timeline.advance(1);
        try (ReservationLocks others = ReservationLocks.tryLock(target)) {
            others.reserve(target, 1);
            Fence own = new SignalledFence("own", null);
            others.add(target, own, Usage.READ);
            others.copy(target, memory);
            assertThat(target.entries(Usage.BOOKKEEP)).containsExactly(new Entry(own, Usage.READ),
                    new Entry(f, Usage.BOOKKEEP), new Entry(pending, Usage.WRITE));
            others.copy(target, Reservation.create("empty"));
        }
        assertThat(memory.entries(Usage.BOOKKEEP)).containsExactly(new Entry(f, Usage.BOOKKEEP),
                new Entry(pending, Usage.WRITE));
        assertThat(target.fences(Usage.BOOKKEEP)).hasSize(3);
    }
}
