package io.ringfence.figures.waiters;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.fence.Fence;
import io.ringfence.figures.devices.ObedientQueue;
import io.ringfence.queue.QueueOptions;

/** Virtual threads that wait, each for something of its own, until they are told to go on. */
abstract class Crowd implements AutoCloseable {

    private final Thread[] threads;
    private final CountDownLatch waiting;

    Crowd(int count) {
        threads = new Thread[count];
        waiting = new CountDownLatch(count);
    }

    /** Waits; called once by each thread. */
    abstract void await(int index) throws InterruptedException;

    /** Lets all go on, in the order of their numbers. */
    abstract void wake();

    /** Starts the threads; returns when all of them are parked. */
    final void gather() throws InterruptedException {
        for (int i = 0; i < threads.length; i++) {
            int index = i;
            threads[i] = Thread.ofVirtual().start(() -> body(index));
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                // Sleeps, for there may be no more processors than the threads need.
                Thread.sleep(1);
            }
        }
    }

    private void body(int index) {
        try {
            await(index);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts here", e);
        }
        waiting.countDown();
    }

    /**
     * Lets all go on and waits until they have.
     *
     * @return how many still wait: none
     */
    final long disperse() throws InterruptedException {
        wake();
        waiting.await();
        return waiting.getCount();
    }

    Thread thread(int index) {
        return threads[index];
    }

    @Override
    public void close() {
    }

    static final class OnPoints extends Crowd {
        private final ObedientQueue queue;
        private final Fence[] fences;

        OnPoints(int count) throws InterruptedException {
            super(count);
            queue = new ObedientQueue(QueueOptions.MAX_CAPACITY);
            fences = new Fence[count];
            for (int i = 0; i < count; i++) {
                fences[i] = queue.submit();
            }
        }

        @Override
        void await(int index) throws InterruptedException {
            fences[index].await();
        }

        @Override
        void wake() {
            queue.complete();
        }

        @Override
        public void close() {
            queue.close();
        }
    }

    static final class OnFlags extends Crowd {

        private static final class Flag {
            private volatile boolean up;
        }

        private final Flag[] flags;

        OnFlags(int count) {
            super(count);
            flags = new Flag[count];
            for (int i = 0; i < count; i++) {
                flags[i] = new Flag();
            }
        }

        @Override
        void await(int index) {
            Flag flag = flags[index];
            while (!flag.up) {
                LockSupport.park(flag);
            }
        }

        @Override
        void wake() {
            for (int i = 0; i < flags.length; i++) {
                flags[i].up = true;
                LockSupport.unpark(thread(i));
            }
        }
    }

    static final class OnFutures extends Crowd {
        private final CompletableFuture<Void>[] futures;

        @SuppressWarnings({"unchecked", "rawtypes"})
        OnFutures(int count) {
            super(count);
            futures = new CompletableFuture[count];
            for (int i = 0; i < count; i++) {
                futures[i] = new CompletableFuture<>();
            }
        }

        @Override
        void await(int index) {
            futures[index].join();
        }

        @Override
        void wake() {
            for (CompletableFuture<Void> future : futures) {
                future.complete(null);
            }
        }
    }
}
