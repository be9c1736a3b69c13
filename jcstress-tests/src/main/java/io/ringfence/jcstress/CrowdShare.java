package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * State / others: the others of a share of a crowd are woken once, by its first or by the onlooker, and an onlooker who finds that none are
 * left finds them woken. A first that could not wake all gives the share back with those that are left.
 */
public final class CrowdShare {

    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int DONE = 2;

    private CrowdShare() {
    }

    private abstract static class Model {

        final AtomicInteger state = new AtomicInteger(FREE);
        /** Two are to be woken; plain, for it belongs to whoever has taken the share. */
        int others = 2;
        int woken;

        final void wake(int count) {
            woken += count;
            others -= count;
        }
    }

    /** Taken by a compare-and-set. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "Both are woken, once.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "One is left for the onlooker's next look.")
    @Outcome(expect = FORBIDDEN, desc = "One was woken twice, or lost.")
    @State
    public static class CompareAndSet extends Model {

        @Actor
        public void first() {
            if (state.compareAndSet(FREE, TAKEN)) {
                wake(1);
                state.set(others == 0 ? DONE : FREE);
            }
        }

        @Actor
        public void onlooker() {
            if (state.compareAndSet(FREE, TAKEN)) {
                wake(others);
                state.set(DONE);
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = woken;
            result.r2 = others;
        }
    }

    /** Looked at, then taken. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "Both are woken, once.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "One is left for the onlooker's next look.")
    @Outcome(expect = ACCEPTABLE_INTERESTING, desc = "Both had it: one was woken twice, or is counted wrong.")
    @State
    public static class LooksThenStores extends Model {

        @Actor
        public void first() {
            if (state.get() == FREE) {
                state.set(TAKEN);
                wake(1);
                state.set(others == 0 ? DONE : FREE);
            }
        }

        @Actor
        public void onlooker() {
            if (state.get() == FREE) {
                state.set(TAKEN);
                wake(others);
                state.set(DONE);
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = woken;
            result.r2 = others;
        }
    }

    private abstract static class Told {

        static final int NOBODY = 0;
        static final int SHARE = 1;
        static final int GONE = 2;

        final AtomicInteger led = new AtomicInteger(NOBODY);
    }

    /** The signaller tells the first of its share, which goes on at the same time. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first has gone on: the signaller wakes the others.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first was told in time.")
    @Outcome(expect = FORBIDDEN, desc = "Nobody wakes them before the onlooker does, or both do.")
    @State
    public static class DecidesOnce extends Told {

        @Actor
        public void signaller(II_Result result) {
            result.r1 = led.compareAndSet(NOBODY, SHARE) ? 0 : 1;
        }

        @Actor
        public void first(II_Result result) {
            result.r2 = led.getAndSet(GONE) == SHARE ? 1 : 0;
        }
    }

    /** Each looks, then stores. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first has gone on: the signaller wakes the others.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The first was told in time.")
    @Outcome(expect = ACCEPTABLE_INTERESTING, desc = "Nobody wakes them before the onlooker does.")
    @State
    public static class LooksFirst extends Told {

        @Actor
        public void signaller(II_Result result) {
            result.r1 = led.get() == NOBODY ? 0 : 1;
            led.set(SHARE);
        }

        @Actor
        public void first(II_Result result) {
            result.r2 = led.get() == SHARE ? 1 : 0;
            led.set(GONE);
        }
    }
}
