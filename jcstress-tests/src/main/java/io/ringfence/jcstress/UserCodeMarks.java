package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLongArray;

import io.ringfence.internal.turn.UserCode;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Entering user code / another thread entering: both are known to be inside, also when they come to the same entry. */
public final class UserCodeMarks {

    private UserCodeMarks() {
    }

    /** Lets threads enter and end without leaving: their marks stay, and nobody ever gets their ids. */
    private static void leaveMarks(int threads) {
        CountDownLatch entered = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            Thread.startVirtualThread(() -> {
                UserCode.enter();
                entered.countDown();
            });
        }
        try {
            entered.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The table of the core with two free entries, so that both threads find the same one first. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Each was marked until it left.")
    @Outcome(expect = FORBIDDEN, desc = "A mark was lost, or stayed.")
    @State
    public static class RealTable {

        static {
            leaveMarks(4 * 1024 - 2);
        }

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = isMarkedInside();
        }

        @Actor
        public void other(ZZ_Result result) {
            result.r2 = isMarkedInside();
        }

        /** On a virtual thread: a platform thread would have a cell of its own. */
        private static boolean isMarkedInside() {
            boolean[] marked = new boolean[1];
            try {
                Thread.startVirtualThread(() -> {
                    int token = UserCode.enter();
                    boolean inside = UserCode.inside();
                    UserCode.exit(token);
                    marked[0] = inside && !UserCode.inside();
                }).join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return marked[0];
        }
    }

    /** An entry is found free, then taken by a store. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Each took an entry of its own.")
    @Outcome(id = {"true, false", "false, true"}, expect = ACCEPTABLE_INTERESTING,
            desc = "Both found the same entry free, and one wrote over the other's mark.")
    @State
    public static class LooksThenStores {

        final AtomicLongArray marks = new AtomicLongArray(2);

        @Actor
        public void one() {
            enter(1);
        }

        @Actor
        public void other() {
            enter(2);
        }

        private void enter(long id) {
            int entry = marks.get(0) == 0 ? 0 : 1;
            marks.set(entry, id);
        }

        private boolean isInside(long id) {
            return marks.get(0) == id || marks.get(1) == id;
        }

        @Arbiter
        public void afterwards(ZZ_Result result) {
            result.r1 = isInside(1);
            result.r2 = isInside(2);
        }
    }
}
