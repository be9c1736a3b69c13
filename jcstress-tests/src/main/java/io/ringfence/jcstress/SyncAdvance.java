package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.SyncObject;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Signalling two points of a sync object at once: the second point is done when both are, and whoever waits for it is
 * told, by one of the two signallers. Each signals its own leaf and then looks at the first points.
 */
public final class SyncAdvance {

    private SyncAdvance() {
    }

    /** An object with two points. */
    private abstract static class TwoPoints {

        final FenceIssuer first = FenceIssuer.create("first");
        final FenceIssuer second = FenceIssuer.create("second");
        final SyncObject object = SyncObject.create("jcstress");
        final Fence last;
        final AtomicInteger fired = new AtomicInteger();

        TwoPoints() {
            object.add(1, first.fence());
            last = object.add(2, second.fence());
        }

        final void register() {
            last.onDone(fired::incrementAndGet);
        }
    }

    /** The leaves are signalled at once. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The waiter was told.")
    @Outcome(expect = FORBIDDEN, desc = "A lost wake-up, or fired twice.")
    @State
    public static class TwoSignallers extends TwoPoints {

        /** Registers. */
        public TwoSignallers() {
            register();
        }

        @Actor
        public void one() {
            first.signal();
        }

        @Actor
        public void other() {
            second.signal();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = fired.get();
        }
    }

    /** The leaves are signalled while the first waiter is registered, and with it the points with their leaves. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The waiter was told.")
    @Outcome(expect = FORBIDDEN, desc = "A lost wake-up, or fired twice.")
    @State
    public static class RegistersMeanwhile extends TwoPoints {

        @Actor
        public void registrant() {
            register();
        }

        @Actor
        public void signaller() {
            first.signal();
            second.signal();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = fired.get();
        }
    }

    /** Own leaf with release, the other one's with acquire, and no fence between. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The waiter was told.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Each looked before its own store had reached the other: nobody settles the second point.")
    @State
    public static class AcquireLooks {

        private static final VarHandle FIRST = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "first",
                VarHandle.class, AcquireLooks.class, boolean.class);
        private static final VarHandle SECOND = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "second",
                VarHandle.class, AcquireLooks.class, boolean.class);

        boolean first;
        boolean second;
        final AtomicInteger settled = new AtomicInteger();

        @Actor
        public void one() {
            FIRST.setRelease(this, true);
            if ((boolean) SECOND.getAcquire(this)) {
                settled.compareAndSet(0, 1);
            }
        }

        @Actor
        public void other() {
            SECOND.setRelease(this, true);
            if ((boolean) FIRST.getAcquire(this)) {
                settled.compareAndSet(0, 1);
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = settled.get();
        }
    }
}
