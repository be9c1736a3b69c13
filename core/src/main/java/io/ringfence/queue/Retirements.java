package io.ringfence.queue;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;
import io.ringfence.fence.Failure;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/** The retire hook of one queue, and the payloads on their way to it. */
final class Retirements<P> {

    private final RetireHook<? super P> hook;
    private final @Nullable Executor executor;
    private final QueueCore<P> core;
    /** Finished jobs whose hook was not called yet, and one until the queue has ended. */
    private final AtomicLong outstanding = new AtomicLong(1);
    private final Queue<Retirement<P>> deferred = new ConcurrentLinkedQueue<>();
    /** Jobs in {@link #deferred}; whoever raises it from 0 has them taken out. */
    private final AtomicLong waiting = new AtomicLong();
    /** The thread in the hook, if that is called by an executor. */
    private volatile @Nullable Thread hooked;
    /** What to do when the queue has ended and the last hook has returned. */
    private volatile @Nullable Deferred last;

    Retirements(RetireHook<? super P> hook, @Nullable Executor executor, QueueCore<P> core) {
        this.hook = hook;
        this.executor = executor;
        this.core = core;
    }

    /** A payload in its slot, together with what is needed to give it back. */
    static final class Retirement<P> extends Deferred {
        private final Retirements<P> owner;
        private final P payload;
        private long seqno;
        private @Nullable Failure failure;

        private Retirement(Retirements<P> owner, P payload) {
            this.owner = owner;
            this.payload = payload;
        }

        P payload() {
            return payload;
        }

        /** The job is finished; the completion turn, which then has this performed after the job's fence is signalled. */
        void settled(long finished, @Nullable Failure why) {
            seqno = finished;
            failure = why;
            owner.outstanding.getAndIncrement();
        }

        @Override
        protected @Nullable Deferred perform() {
            return owner.retire(this);
        }
    }

    /** What stands in the slot of a job instead of its payload. */
    Retirement<P> wrap(P payload) {
        return new Retirement<>(this, payload);
    }

    private @Nullable Deferred retire(Retirement<P> job) {
        Executor runner = executor;
        if (runner != null) {
            try {
                deferred.add(job);
            } catch (OutOfMemoryError noPlace) {
                return call(job);
            }
            Seam.at(Site.RETIRE);
            return waiting.getAndIncrement() == 0 ? startDrain(runner) : null;
        }
        return call(job);
    }

    /** Calls the hook as a callback is called. */
    private @Nullable Deferred call(Retirement<P> job) {
        int token = UserCode.enter();
        callHook(job);
        return Deferred.join(UserCode.exit(token), done());
    }

    private void callHook(Retirement<P> job) {
        try {
            hook.retired(job.payload, job.seqno, job.failure);
        } catch (Throwable thrown) {
            core.faults().report("retire hook", job.seqno, thrown);
        }
    }

    private @Nullable Deferred startDrain(Executor runner) {
        Drain<P> drain;
        try {
            drain = new Drain<>(this);
        } catch (OutOfMemoryError noDrain) {
            int token = UserCode.enter();
            drain();
            return UserCode.exit(token);
        }
        int token = UserCode.enter();
        boolean refused = false;
        try {
            runner.execute(drain);
        } catch (Throwable thrown) {
            core.faults().report("executor of the retire hook", thrown);
            refused = true;
        }
        Deferred arisen = UserCode.exit(token);
        // Exactly once, be it here; an executor that throws may have run or kept it all the same.
        return refused ? Deferred.join(arisen, drain) : arisen;
    }

    /** Calls the hook for all that wait; given to an executor, and worked off here if that refuses. Happens once. */
    private static final class Drain<P> extends Deferred implements Runnable {
        private final Retirements<P> owner;
        private final AtomicBoolean begun = new AtomicBoolean();

        Drain(Retirements<P> owner) {
            this.owner = owner;
        }

        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                owner.hooked = Thread.currentThread();
                owner.drain();
                if (owner.hooked == Thread.currentThread()) {
                    owner.hooked = null;
                }
            }
        }

        @Override
        protected @Nullable Deferred perform() {
            if (!begun.compareAndSet(false, true)) {
                return null;
            }
            int token = UserCode.enter();
            owner.drain();
            return UserCode.exit(token);
        }
    }

    private void drain() {
        do {
            callHook(Objects.requireNonNull(deferred.poll(), "counted before it was added"));
            Deferred.run(done());
            Seam.at(Site.RETIRE);
        } while (waiting.decrementAndGet() != 0);
    }

    /** Whether an executor's thread calls the hook, and the calling thread is it. */
    boolean isInHook() {
        return hooked == Thread.currentThread() && waiting.get() != 0;
    }

    private @Nullable Deferred done() {
        Seam.at(Site.RETIRE);
        return outstanding.decrementAndGet() == 0 ? last : null;
    }

    /** Nothing more will be settled: performs a last thing when all hooks have returned. */
    @Nullable
    Deferred finish(Deferred end) {
        last = end;
        return done();
    }

    /** Finished jobs whose hook has not returned yet. */
    long outstanding() {
        return outstanding.get() - (last == null ? 1 : 0);
    }
}
