package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a dump tells of things that others made: payloads, sync objects, reservations. */
class DumpObjectsTest extends OwnQueuesTestBase {
    private final ManualDriver driver = new ManualDriver();

    @Test
    @DisplayName("D9: a payload that is to be retired is shown as itself")
    void payloadsToBeRetired() throws Exception {
        JobQueue<Object> queue = open(driver, options("retiring"), PayloadTraits.plain().retiringInline((_, _, _) -> {
        }));
        queue.submit("texture");
        assertThat(queue.dump().lines()).contains("    1 texture");
        driver.finishThrough(1);
    }

    @Test
    @DisplayName("H7: payloads that describe themselves at length, by throwing or not at all do not break a dump")
    void payloadsThatDescribeThemselvesBadly() throws Exception {
        JobQueue<Object> queue = open(driver, options("bad"));
        queue.submit(new Described("x".repeat(100_000)));
        queue.submit(new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError("deep");
            }
        });
        queue.submit(new Object() {
            @Override
            public String toString() {
                return queue.dump();
            }
        });
        queue.submit(new Described(null));
        queue.submit("last");
        String dump = queue.dump();
        assertThat(dump).hasSizeLessThan(4_000).contains("1 " + "x".repeat(80) + "…")
                .contains("whose toString threw java.lang.StackOver").contains("4 null").contains("5 last");
        assertThat(runtime.dump()).contains("5 last");
        driver.finishThrough(5);
    }

    @Test
    @DisplayName("H21: sync objects and reservations of the process that hold pending fences are in the dump of a runtime")
    void syncObjectsAndReservations() throws Exception {
        JobQueue<Object> queue = open(driver, options("engine"));
        PointFence job = queue.submit("job");
        SyncObject binary = SyncObject.create("binary of this test");
        SyncObject timeline = SyncObject.create("timeline of this test");
        SyncObject waited = SyncObject.create("waited for in this test");
        Reservation memory = Reservation.create("memory of this test");
        binary.replace(job);
        timeline.add(3, job);
        var _ = waited.on(1, SyncObject.Until.SUBMITTED, () -> {
        });
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 1);
            locks.add(memory, job, Usage.WRITE);
        }
        assertThat(runtime.dump().lines()).contains("sync object binary of this test: " + job,
                "sync object timeline of this test: points 3 to 3 pending, the first stands for " + job,
                "sync object waited for in this test: there are waits for points not submitted yet",
                "reservation memory of this test: WRITE " + job);
        driver.finishThrough(1);
        assertOk(job);
        assertThat(timeline.query()).isEqualTo(3);
        waited.signal(1);
        assertThat(runtime.dump()).doesNotContain("of this test").doesNotContain("in this test");
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        assertThat(binary.isEmpty()).isFalse();
    }

    @Test
    @DisplayName("H21: points of a sync object that are done are not called pending, though nobody has asked for them")
    void pointsThatAreDone() throws Exception {
        JobQueue<Object> queue = open(driver, options("engine"));
        PointFence first = queue.submit("1");
        PointFence second = queue.submit("2");
        SyncObject timeline = SyncObject.create("half done");
        timeline.add(3, first);
        timeline.add(7, second);
        driver.finishThrough(1);
        assertOk(first);
        assertThat(runtime.dump().lines()).contains(
                "sync object half done: points 7 to 7 pending, the first stands for " + second);
        driver.finishThrough(2);
        assertOk(second);
        assertThat(runtime.dump()).doesNotContain("half done");
        assertThat(timeline.query()).isEqualTo(7);
    }
}
