package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.ringfence.driver.Completions;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;
import io.ringfence.queue.Batch.Member;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Threads of both kinds submit at random, in every way there is, to a few rings so small that somebody always waits for room;
 * jobs depend on each other to and fro, and now and then a queue is closed and another takes its place.
 */
class BatchCycleTest extends LineTestBase {
    private static final int QUEUES = 3;
    private static final int THREADS = 6;
    private static final int STEPS = 250;
    private static final int SHARED = 12;
    /** A driver submits to some queue whenever it was polled so often. */
    private static final int MEDDLING = 3;

    /** A device that tells each job what became of it, and whose polls get in the way of batches that look for room. */
    private final class TellingDriver extends ThreadedDriver {
        private int polled;

        @Override
        void cancelled(long seqno, Object payload) {
            ((Job) payload).handled(seqno);
        }

        @Override
        void report(Completions completions) {
            super.report(completions);
            if (++polled % MEDDLING == 0) {
                for (int i = 0; i < QUEUES; i++) {
                    tries((polled + i) % QUEUES);
                    tries((polled + i) % QUEUES);
                }
            }
        }
    }

    /** One of many. */
    private static final class Job implements Work {
        private final AtomicInteger handled = new AtomicInteger();
        private final Runnable inside;
        private volatile long seqno;

        Job(Runnable inside) {
            this.inside = inside;
        }

        @Override
        public void run(long mine) throws Exception {
            handled(mine);
            inside.run();
        }

        void handled(long mine) {
            seqno = mine;
            handled.incrementAndGet();
        }
    }

    /** What a submitter was told of a job; seqno 0 if it was not submitted. */
    private record Told(Job job, JobQueue<Object> queue, long seqno) {
    }

    private record Open(JobQueue<Object> queue, TellingDriver driver) {
    }

    private final AtomicReferenceArray<JobQueue<Object>> queues = new AtomicReferenceArray<>(QUEUES);
    private final List<Open> opened = new ArrayList<>();
    private final AtomicReferenceArray<Fence> shared = new AtomicReferenceArray<>(SHARED);
    private final List<Reservation> memory = List.of(Reservation.create("one"), Reservation.create("two"));
    private final SyncObject object = SyncObject.create("object");
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void openQueues() {
        for (int i = 0; i < QUEUES; i++) {
            queues.set(i, openOne(2 << i));
        }
    }

    private synchronized JobQueue<Object> openOne(int capacity) {
        var driver = new TellingDriver();
        JobQueue<Object> queue = open(driver,
                options("q" + opened.size()).withCapacity(capacity).withCredits(Math.max(1, capacity / 2)));
        opened.add(new Open(queue, driver));
        return queue;
    }

    @RepeatedTest(16)
    @DisplayName("H2: whatever is submitted at the same time, everything ends, and each job is run or cancelled once and in its place")
    void everythingEnds(RepetitionInfo repetition) throws Exception {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var user = new User(random.split(), i);
            var task = new FutureTask<Void>(user::use, null);
            users.add(task);
            if (i % 2 == 0) {
                Thread.ofPlatform().daemon().start(task);
            } else {
                Thread.startVirtualThread(task);
            }
        }
        join(users);
        for (Open open : opened) {
            assertOk(open.queue.startClose());
        }

        assertThat(told).allSatisfy(one -> {
            assertThat(one.job.handled).as("run or cancelled").hasValue(one.seqno == 0 ? 0 : 1);
            assertThat(one.job.seqno).as("its place").isEqualTo(one.seqno);
        });
        assertThat(told).filteredOn(one -> one.seqno != 0).hasSizeGreaterThan(THREADS * STEPS / 2);
        for (Open open : opened) {
            assertThat(open.queue.status().inLine()).isZero();
            passOverHoles(open.driver);
        }
        assertThat(ReservationLocks.tryLock(memory.toArray(new Reservation[0]))).as("nothing is locked").isNotNull();
    }

    private static void nothing() {
        // What most jobs do.
    }

    /** For callbacks and driver methods too. */
    private void tries(int place) {
        Job job = new Job(BatchCycleTest::nothing);
        JobQueue<Object> queue = queues.get(place);
        told.add(new Told(job, queue, Math.max(0, queue.trySubmit(job))));
    }

    /** One thread and what it does. */
    private final class User {
        private final SplittableRandom random;
        private final int number;

        User(SplittableRandom random, int number) {
            this.random = random;
            this.number = number;
        }

        private int any(int bound) {
            return random.nextInt(bound);
        }

        private JobQueue<Object> queue() {
            return queues.get(any(QUEUES));
        }

        private Fence[] inputs() {
            List<Fence> fences = new ArrayList<>();
            for (int i = any(3); i > 0; i--) {
                Fence input = shared.get(any(SHARED));
                if (input != null) {
                    fences.add(input);
                }
            }
            return fences.toArray(new Fence[0]);
        }

        private Job job() {
            int kind = any(40);
            if (kind == 0) {
                return new Job(() -> {
                    throw new IllegalStateException("fails now and then");
                });
            }
            // Submitted by whichever thread happens to hand the job to the device.
            JobQueue<Object> first = queue();
            JobQueue<Object> second = queue();
            return new Job(kind == 1 ? () -> nested(first, second) : BatchCycleTest::nothing);
        }

        private void nested(JobQueue<Object> first, JobQueue<Object> second) {
            List<Job> jobs = List.of(new Job(BatchCycleTest::nothing), new Job(BatchCycleTest::nothing));
            Batch batch = Batch.create();
            Member before = batch.add(first, jobs.getFirst());
            batch.add(second, jobs.getLast()).after(before);
            Committed done = null;
            try {
                done = batch.tryCommit();
            } catch (QueueClosedException closed) {
                assertThat(closed).isNotNull();
            }
            told.add(new Told(jobs.getFirst(), first, done == null ? 0 : done.fences().getFirst().seqno()));
            told.add(new Told(jobs.getLast(), second, done == null ? 0 : done.fences().getLast().seqno()));
        }

        void use() {
            for (int step = 0; step < STEPS; step++) {
                try {
                    step(step);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }

        private void step(int step) throws InterruptedException {
            switch (any(10)) {
                case 0, 1, 2, 3 -> batch();
                case 4, 5 -> single();
                case 6 -> tries(any(QUEUES));
                case 7 -> bulk();
                case 8 -> locksAndSubmits();
                default -> {
                    if (number == 0 && step % 7 == 0) {
                        int place = any(QUEUES);
                        queues.getAndSet(place, openOne(2 << any(3))).startClose();
                    } else {
                        int place = any(QUEUES);
                        queue().room(1 + any(2)).onDone(() -> tries(place));
                    }
                }
            }
        }

        private void batch() throws InterruptedException {
            Batch batch = Batch.create();
            List<JobQueue<Object>> few = few();
            List<Member> members = new ArrayList<>();
            List<Job> jobs = new ArrayList<>();
            for (JobQueue<Object> queue : few) {
                jobs.add(job());
                Member member = batch.add(queue, jobs.getLast()).after(inputs());
                if (!members.isEmpty() && any(3) != 0) {
                    member.after(members.get(any(members.size())));
                }
                uses(member);
                members.add(member);
            }
            Committed done = commit(batch);
            for (int i = 0; i < few.size(); i++) {
                long seqno = done == null ? 0 : done.fences().get(i).seqno();
                told.add(new Told(jobs.get(i), few.get(i), seqno));
                if (seqno != 0 && i > 0 && few.get(i) == few.get(i - 1)) {
                    assertThat(seqno - 1).as("stay together").isEqualTo(done.fences().get(i - 1).seqno());
                }
            }
            if (done != null) {
                shared.set(any(SHARED), done.fences().getLast());
            }
        }

        /** No more than the smallest ring has places for each queue. */
        private List<JobQueue<Object>> few() {
            JobQueue<Object> first = queue();
            JobQueue<Object> second = queue();
            return switch (first == second ? any(2) : any(4)) {
                case 0 -> List.of(first, second);
                case 1 -> List.of(first, first);
                case 2 -> List.of(first, second, first, second);
                default -> List.of(first, first, second);
            };
        }

        private void uses(Member member) {
            Reservation used = memory.get(any(2));
            switch (any(8)) {
                case 0 -> member.reads(used);
                case 1 -> member.writes(used);
                case 2 -> member.after(used, Usage.READ);
                case 3 -> member.signals(object);
                case 4 -> member.signals(used, Usage.BOOKKEEP);
                default -> {
                    // Depends on members and fences only.
                }
            }
        }

        private Committed commit(Batch batch) throws InterruptedException {
            try {
                return switch (any(4)) {
                    case 0 -> batch.tryCommit();
                    case 1 -> batch.commit(Duration.ofNanos(any(200_000)));
                    default -> batch.commit();
                };
            } catch (QueueClosedException | TimeoutException notSubmitted) {
                return null;
            }
        }

        private PointFence submitted(Job job, JobQueue<Object> queue, boolean bounded) throws InterruptedException {
            PointFence fence = null;
            try {
                fence = bounded ? queue.submit(job, Duration.ofNanos(any(200_000)), inputs())
                        : queue.submit(job, inputs());
            } catch (QueueClosedException | TimeoutException notSubmitted) {
                assertThat(notSubmitted).isNotNull();
            }
            told.add(new Told(job, queue, fence == null ? 0 : fence.seqno()));
            return fence;
        }

        private void single() throws InterruptedException {
            PointFence fence = submitted(job(), queue(), any(3) == 0);
            if (fence != null) {
                shared.set(any(SHARED), fence);
                int place = any(QUEUES);
                if (any(4) == 0) {
                    // Called when somebody, perhaps a batch that looks for room, finds the job complete.
                    fence.onDone(() -> tries(place));
                    fence.await(Duration.ofNanos(any(100_000)));
                }
            }
        }

        private void bulk() {
            Object[] jobs = {job(), job(), job()};
            JobQueue<Object> queue = queue();
            Bulk bulk = queue.trySubmitAll(jobs);
            for (int i = 0; i < jobs.length; i++) {
                told.add(new Told((Job) jobs[i], queue, i < bulk.count() ? bulk.first() + i : 0));
            }
        }

        /** Waits for room with a lock in hand that batches want. */
        private void locksAndSubmits() throws InterruptedException {
            Reservation used = memory.get(any(2));
            try (ReservationLocks locks = ReservationLocks.lock(used)) {
                locks.reserve(used, 1);
                PointFence fence = submitted(job(), queue(), false);
                if (fence != null) {
                    locks.add(used, fence, Usage.WRITE);
                }
            }
        }
    }
}
