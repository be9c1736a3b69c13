package io.ringfence.queue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.SyncObject;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.waiting.Crowd;

import org.jspecify.annotations.Nullable;

/**
 * Walks once through everything a queue does, on a queue nobody sees, before the first real one is opened.
 *
 * <p>Loading and linking classes takes far more stack than the code itself. When it first happens deep in a user's
 * stack, inside a turn, it may fail there, and a class that failed to initialise stays unusable for the life of the
 * process.
 */
final class Rehearsal {

    private static final AtomicBoolean DONE = new AtomicBoolean();

    private Rehearsal() {
    }

    /** Does it, the first time it is called. Takes some milliseconds. */
    static void once() {
        if (!DONE.compareAndSet(false, true)) {
            return;
        }
        StackRoom.prepare();
        Crowd.prepare();
        RingfenceRuntime runtime = RingfenceRuntime.withoutThreads();
        QueueOptions options = QueueOptions.named("rehearsal").withCapacity(2).withCredits(1)
                .withCloseTimeout(Duration.ZERO).withBudget(CreditBudget.create("rehearsal", 1));
        AtOnce device = new AtOnce();
        JobQueue<Boolean> queue = runtime.openQueue(device, options,
                PayloadTraits.<Boolean>plain().retiringInline((_, _, _) -> device.retired++));
        FenceIssuer issuer = FenceIssuer.create("rehearsal");
        Fence failing = queue.trySubmitFence(false);
        long waiting = failing == null ? queue.trySubmit(true) : queue.trySubmit(true, failing, issuer.fence());
        long full = queue.trySubmit(true);
        issuer.fence().onDone(issuer::signal);
        issuer.signal();
        containers(queue);
        queue.timeline().failureCursor().outcome(Math.max(waiting, full));
        for (boolean ok : new boolean[] {true, false, true}) {
            Fence fence = queue.trySubmitFence(ok);
            if (fence != null) {
                fence.onDone(queue::describe);
                fence.outcome();
            }
        }
        sharing(runtime, queue, options, device);
        Deferred.run(queue.core().issue().newsLater());
        // Who reports a fault may be near the end of his stack.
        Recovery _ = queue.core().recovery();
        queue.kill();
    }

    /** What needs a second queue, room, or a way to cancel. */
    private static void sharing(RingfenceRuntime runtime, JobQueue<Boolean> queue, QueueOptions options,
            AtOnce device) {
        AtOnce other = new AtOnce();
        other.holds = true;
        JobQueue<Boolean> holder = runtime.openQueue(other, options);
        long held = holder.trySubmit(true);
        // Waits for the budget until it is cancelled, and then until the other queue gives back.
        long cancelled = queue.trySubmit(true);
        long waiting = queue.trySubmit(true);
        queue.room(1).onDone(queue::status);
        queue.dump();
        queue.cancel(cancelled);
        other.holds = false;
        other.report(held);
        device.report(waiting);
        FailureCursor cursor = queue.timeline().failureCursor();
        Bulk bulk = queue.trySubmitAll(new Boolean[] {true, false});
        holder.trySubmit(true, cursor, bulk.last());
        SyncObject object = SyncObject.create("rehearsal");
        Reservation memory = Reservation.create("rehearsal");
        Batch batch = Batch.create();
        Batch.Member first = batch.add(queue, true).writes(memory);
        batch.add(holder, true).after(first).signals(object, 1);
        Committed committed = batch.tryCommit();
        if (committed != null) {
            committed.fences().forEach(fence -> queue.timeline().poll());
        }
        holder.kill();
    }

    private static void containers(JobQueue<Boolean> queue) {
        FenceIssuer one = FenceIssuer.create("one");
        FenceIssuer two = FenceIssuer.create("two");
        SyncObject object = SyncObject.create("rehearsal");
        Fence any = Fences.anyOf(one.fence(), two.fence());
        queue.trySubmit(true, any, object.add(1, Fences.allOf(one.fence(), two.fence())));
        any.onDone(object::query);
        any.hintDeadline(0);
        one.signal();
        two.fail(new Exception("rehearsal"));
    }

    /** A device that is done before run returns, and fails what it is told to. */
    private static final class AtOnce implements Driver<Boolean> {
        private long done;
        private long retired;
        private boolean holds;
        private @Nullable DriverLink link;

        @Override
        public void open(DriverLink opened) {
            opened.interrupt();
            link = opened;
        }

        void report(long seqno) {
            if (link != null && seqno > 0) {
                done = Math.max(done, seqno);
                link.completed(seqno);
                link.completedThrough(seqno);
            }
        }

        @Override
        public int maxInFlight() {
            return 1;
        }

        @Override
        public void run(long seqno, Boolean ok) throws Exception {
            if (!ok) {
                throw new Exception("rehearsal");
            }
            if (!holds) {
                done = seqno;
            }
        }

        @Override
        public void poll(Completions completions) {
            completions.completedThrough(done);
        }

        @Override
        public void arm(long seqno) {
            // There is nothing to wait for.
        }

        @Override
        public void close() {
            done = 0;
        }
    }
}
