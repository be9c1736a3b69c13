package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;
import java.util.Map;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.Reservation.Entry;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.Usage;
import io.ringfence.queue.Batch.Member;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** D6: members that wait for what a reservation holds, and leave their fences there for those who come later. */
class BatchReservationTest extends LineTestBase {
    private final Reservation memory = Reservation.create("memory");
    private final List<ManualDriver> drivers = new ArrayList<>();
    private final List<JobQueue<Object>> queues = new ArrayList<>();

    @BeforeEach
    void openQueues() {
        for (int i = 0; i < 4; i++) {
            drivers.add(new ManualDriver());
            queues.add(open(drivers.get(i), options("q" + i)));
        }
    }

    private JobQueue<Object> queue(int i) {
        return queues.get(i);
    }

    /** What has run, queue by queue. */
    private List<Integer> ran() {
        return drivers.stream().map(driver -> driver.ran.size()).toList();
    }

    private void finish(int i) {
        finish(queue(i), drivers.get(i), queue(i).status().issued());
    }

    private void leave(Fence fence, Usage usage) throws InterruptedException {
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 1);
            locks.add(memory, fence, usage);
        }
    }

    private Map<Usage, FenceIssuer> oneOfEach() throws InterruptedException {
        Map<Usage, FenceIssuer> issuers = new EnumMap<>(Usage.class);
        for (Usage usage : Usage.values()) {
            issuers.put(usage, issuer(usage.toString()));
            leave(issuers.get(usage).fence(), usage);
        }
        return issuers;
    }

    /** Signals what a job has to wait for, one after the other: it runs with the last. */
    private void assertWaitsFor(Map<Usage, FenceIssuer> there, Usage... awaited) {
        for (Usage usage : awaited) {
            assertThat(ran()).as("before " + usage).containsExactly(0, 0, 0, 0);
            there.get(usage).signal();
        }
        assertThat(ran()).containsExactly(1, 0, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void aMemberWaitsForAUsageAndAllThatAreListedBeforeIt(Usage upTo) throws Exception {
        Map<Usage, FenceIssuer> there = oneOfEach();
        Batch batch = Batch.create();
        batch.add(queue(0), "job").after(memory, upTo);
        batch.commit();

        assertThat(memory.entries(Usage.BOOKKEEP)).as("it leaves nothing there").hasSize(4);
        assertWaitsFor(there,
                Stream.of(Usage.values()).filter(usage -> usage.compareTo(upTo) <= 0).toArray(Usage[]::new));
    }

    @Test
    void aReaderWaitsForWritersOnly() throws Exception {
        Map<Usage, FenceIssuer> there = oneOfEach();
        Batch batch = Batch.create();
        Member job = batch.add(queue(0), "job").reads(memory);
        Fence fence = batch.commit().fence(job);

        assertThat(memory.entries(Usage.BOOKKEEP)).hasSize(5).endsWith(new Entry(fence, Usage.READ));
        assertWaitsFor(there, Usage.WRITE, Usage.KERNEL);
    }

    @Test
    void aWriterWaitsForReadersAndWriters() throws Exception {
        Map<Usage, FenceIssuer> there = oneOfEach();
        Batch batch = Batch.create();
        Member job = batch.add(queue(0), "job").writes(memory);
        Fence fence = batch.commit().fence(job);

        assertThat(memory.entries(Usage.BOOKKEEP)).hasSize(5).endsWith(new Entry(fence, Usage.WRITE));
        assertWaitsFor(there, Usage.READ, Usage.KERNEL, Usage.WRITE);
    }

    @Test
    void whatStandsThereAtCommitCountsNotWhatStoodThereBefore() throws Exception {
        FenceIssuer before = issuer("before");
        leave(before.fence(), Usage.WRITE);
        Batch batch = Batch.create();
        batch.add(queue(0), "job").reads(memory);
        before.signal();
        FenceIssuer since = issuer("since");
        leave(since.fence(), Usage.WRITE);
        batch.commit();

        assertThat(ran()).containsExactly(0, 0, 0, 0);
        since.signal();
        assertThat(ran()).containsExactly(1, 0, 0, 0);
    }

    @Test
    @DisplayName("D6: members of one batch see each other's use of a reservation: writer, two readers at once, writer")
    void insideOneBatch() throws Exception {
        Batch batch = Batch.create();
        Member writer = batch.add(queue(0), "writes").writes(memory);
        Member reader = batch.add(queue(1), "reads").reads(memory);
        Member another = batch.add(queue(2), "reads too").reads(memory);
        Member last = batch.add(queue(3), "writes again").writes(memory);
        Committed done = batch.commit();

        assertThat(memory.entries(Usage.BOOKKEEP)).containsExactly(new Entry(done.fence(writer), Usage.WRITE),
                new Entry(done.fence(reader), Usage.READ), new Entry(done.fence(another), Usage.READ),
                new Entry(done.fence(last), Usage.WRITE));
        assertThat(ran()).containsExactly(1, 0, 0, 0);
        finish(0);
        assertThat(ran()).containsExactly(1, 1, 1, 0);
        finish(2);
        assertThat(ran()).containsExactly(1, 1, 1, 0);
        finish(1);
        assertThat(ran()).containsExactly(1, 1, 1, 1);
        finish(3);
        assertOk(done.fence(last));
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
    }

    @Test
    @DisplayName("D6: the same across batches, and the batches after them")
    void acrossBatches() throws Exception {
        for (int i = 0; i < 4; i++) {
            Batch batch = Batch.create();
            Member job = batch.add(queue(i), "job");
            assertThat(i == 0 || i == 3 ? job.writes(memory) : job.reads(memory)).isSameAs(job);
            batch.commit();
        }
        assertThat(ran()).containsExactly(1, 0, 0, 0);
        finish(0);
        assertThat(ran()).containsExactly(1, 1, 1, 0);
        finish(1);
        finish(2);
        assertThat(ran()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void aMemberDoesNotWaitForItselfHoweverOftenItUsesAReservation() throws Exception {
        Batch batch = Batch.create();
        batch.add(queue(0), "job").reads(memory).writes(memory).after(memory, Usage.BOOKKEEP)
                .signals(memory, Usage.BOOKKEEP).reads(memory);
        batch.commit();

        assertThat(ran()).containsExactly(1, 0, 0, 0);
        assertThat(memory.entries(Usage.BOOKKEEP)).extracting(Entry::usage).containsExactly(Usage.READ, Usage.WRITE,
                Usage.READ, Usage.BOOKKEEP);
    }

    @Test
    void whoOnlySignalsAReservationWaitsForNothingThereButIsWaitedFor() throws Exception {
        FenceIssuer before = issuer("before");
        leave(before.fence(), Usage.KERNEL);
        Batch batch = Batch.create();
        batch.add(queue(0), "clears").signals(memory, Usage.KERNEL);
        batch.add(queue(1), "maps").signals(memory, Usage.BOOKKEEP);
        batch.add(queue(2), "reads").reads(memory);
        batch.add(queue(3), "unmaps").after(memory, Usage.BOOKKEEP);
        batch.commit();

        assertThat(ran()).containsExactly(1, 1, 0, 0);
        before.signal();
        assertThat(ran()).containsExactly(1, 1, 0, 0);
        finish(0);
        assertThat(ran()).as("nobody waits for what is only mapped").containsExactly(1, 1, 1, 0);
        finish(2);
        assertThat(ran()).containsExactly(1, 1, 1, 0);
        finish(1);
        assertThat(ran()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void severalReservationsAreLockedTogetherInWhateverOrderTheyWereNamed() throws Exception {
        Reservation other = Reservation.create("other");
        Batch batch = Batch.create();
        batch.add(queue(0), "first").writes(memory).writes(other);
        batch.add(queue(1), "second").reads(other).reads(memory);
        batch.commit();
        Batch next = Batch.create();
        next.add(queue(2), "third").writes(other).reads(memory);
        next.commit();

        assertThat(ran()).containsExactly(1, 0, 0, 0);
        finish(0);
        assertThat(ran()).containsExactly(1, 1, 0, 0);
        finish(1);
        assertThat(ran()).containsExactly(1, 1, 1, 0);
        try (ReservationLocks locks = ReservationLocks.tryLock(memory, other)) {
            assertThat(locks).as("both are unlocked").isNotNull();
        }
    }

    @Test
    void laterJobsOfOneQueueTakeThePlaceOfEarlierOnesInAReservation() throws Exception {
        for (int i = 0; i < 50; i++) {
            Batch batch = Batch.create();
            batch.add(queue(0), "job").writes(memory);
            batch.commit();
        }
        assertThat(drivers.getFirst().ran).as("elided in the own queue").hasSize(50);
        assertThat(memory.entries(Usage.BOOKKEEP)).hasSizeLessThan(10);
    }
}
