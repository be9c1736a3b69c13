package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;
import io.ringfence.queue.Batch;
import io.ringfence.queue.Committed;
import io.ringfence.sim.explore.Stage.Setting;

import org.jspecify.annotations.Nullable;

/** Batches over several queues: all or nothing, in one order. */
final class BatchScenarios {

    private BatchScenarios() {
    }

    static List<Scenario> all() {
        return List.of(
                new Scenario("crossed-batches",
                        "two batches over two queues, in opposite order, waiting for each other's", false,
                        BatchScenarios::crossedBatches),
                new Scenario("batch-without-room", "batches over two full queues beside a submitter", false,
                        BatchScenarios::batchWithoutRoom),
                new Scenario("timed-batch", "a batch gives up while it is being served", false,
                        BatchScenarios::timedBatch),
                new Scenario("batch-beside-close", "one of the queues is closed while a batch is committed", false,
                        BatchScenarios::batchBesideClose),
                new Scenario("reservations", "implicit reads and writes of the same memory by two batches", false,
                        BatchScenarios::reservations),
                new Scenario("sync-object-out", "batches leave points in a sync object for which others wait", false,
                        BatchScenarios::syncObjectOut));
    }

    /** Two members on two queues, the second after the first; returns false if nothing was committed. */
    private static boolean commit(Stage stage, StageQueue first, StageQueue second, String name, Commit how)
            throws InterruptedException {
        Batch batch = Batch.create();
        var a = new Job(name + 1);
        var b = new Job(name + 2);
        Batch.Member memberA = first.add(batch, a);
        Batch.Member memberB = second.add(batch, b, a).after(memberA);
        Committed committed;
        try {
            committed = how.commit(batch);
        } catch (IllegalStateException | TimeoutException refused) {
            committed = null;
        }
        if (committed == null) {
            stage.world().note(name + " is refused");
            return false;
        }
        first.committed(a, committed.fence(memberA));
        second.committed(b, committed.fence(memberB));
        return true;
    }

    @FunctionalInterface
    private interface Commit {
        @Nullable
        Committed commit(Batch batch) throws InterruptedException, TimeoutException;
    }

    private static void crossedBatches(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.capacity(2));
        StageQueue b = stage.open("b", Setting.USUAL.capacity(2));
        stage.task("batch ab", () -> {
            boolean _ = commit(stage, a, b, "ab", Batch::commit);
        });
        stage.task("batch ba", () -> {
            boolean _ = commit(stage, b, a, "ba", Batch::commit);
        });
    }

    private static void batchWithoutRoom(Stage stage) {
        stage.watch();
        StageQueue a = stage.open("a", Setting.USUAL.capacity(2));
        StageQueue b = stage.open("b", Setting.USUAL.capacity(2));
        stage.task("batch ab", () -> {
            boolean _ = commit(stage, a, b, "ab", Batch::commit);
        });
        stage.task("batch ba", () -> {
            boolean _ = commit(stage, b, a, "ba", Batch::tryCommit);
        });
        stage.task("submitter", () -> {
            PointFence a1 = a.submit(new Job("a1"));
            var _ = b.submit(new Job("b1"), a1);
        });
    }

    private static void timedBatch(Stage stage) {
        StageQueue a = stage.open("a", Setting.USUAL.capacity(2));
        StageQueue b = stage.open("b", Setting.USUAL.capacity(2));
        stage.task("batch", () -> {
            boolean _ = commit(stage, a, b, "t", batch -> batch.commit(Duration.ofMillis(1)));
            boolean _ = commit(stage, b, a, "u", Batch::commit);
        });
        stage.task("submitter", () -> {
            var _ = a.submit(new Job("a1"));
            var _ = b.submit(new Job("b1"));
            var _ = a.submit(new Job("a2"));
        });
    }

    private static void batchBesideClose(Stage stage) {
        stage.anyOutcome();
        StageQueue a = stage.open("a", Setting.USUAL.capacity(2));
        StageQueue b = stage.open("b", Setting.USUAL.capacity(2));
        stage.task("batch", () -> {
            boolean _ = commit(stage, a, b, "x", Batch::commit);
            boolean _ = commit(stage, a, b, "y", Batch::commit);
        });
        stage.task("submitter", () -> {
            var _ = a.submitUnlessClosed(new Job("a1"));
        });
        stage.task("closer", () -> {
            var _ = b.get().startClose();
        });
    }

    private static void reservations(Stage stage) {
        StageQueue a = stage.open("a");
        StageQueue b = stage.open("b");
        Reservation memory = Reservation.create("memory");
        Reservation other = Reservation.create("other");
        for (StageQueue queue : List.of(a, b)) {
            boolean first = queue == a;
            stage.task("writer on " + queue, () -> {
                for (int i = 0; i < 2; i++) {
                    Batch batch = Batch.create();
                    var job = new Job((first ? "a" : "b") + i);
                    Batch.Member member = queue.add(batch, job).writes(first ? memory : other);
                    var _ = member.reads(first ? other : memory);
                    queue.committed(job, batch.commit().fence(member));
                }
            });
        }
        stage.task("waiter", () -> {
            try (ReservationLocks locks = ReservationLocks.lock(memory, other)) {
                stage.world().note("has " + locks);
            }
            var _ = memory.fence(Usage.waitedForBy(true)).await();
        });
    }

    private static void syncObjectOut(Stage stage) {
        StageQueue a = stage.open("a");
        StageQueue b = stage.open("b");
        SyncObject line = SyncObject.create("line");
        stage.task("first", () -> {
            Batch batch = Batch.create();
            var job = new Job("first");
            Batch.Member member = a.add(batch, job).signals(line, 1);
            a.committed(job, batch.commit().fence(member));
        });
        stage.task("second", () -> {
            var _ = stage.submitted(line, 1).await();
            Batch batch = Batch.create();
            var job = new Job("second");
            Batch.Member member = b.add(batch, job).after(line, 1).signals(line, 2);
            b.committed(job, batch.commit().fence(member));
        });
        stage.task("waiter", () -> {
            var _ = stage.submitted(line, 2).await();
            stage.require(line.query() == 2, "the object has come to 2");
        });
    }
}
