package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Watched / issued: a queue that hands a job over while the watchdog lets it go is under its eyes afterwards, once. A model of
 * {@code HangClock} and {@code Watchdog}: the issue turn stores {@code issued}, leaves, then looks at the flag; the watchdog clears the
 * flag, then looks at {@code issued}.
 */
public final class WatchedOnDevice {

    private WatchedOnDevice() {
    }

    private abstract static class Model {

        final AtomicLong issued = new AtomicLong();
        final AtomicLong turn = new AtomicLong(1);
        final AtomicBoolean watched = new AtomicBoolean(true);
        /** In the list of the watchdog, and how often. */
        final AtomicLong listed = new AtomicLong(1);

        final void handOver() {
            issued.setRelease(1);
            turn.getAndAdd(-1);
            if (!watched.get() && watched.compareAndSet(false, true)) {
                listed.getAndAdd(1);
            }
        }

        final boolean isMine() {
            return issued.get() != 0 && watched.compareAndSet(false, true);
        }
    }

    /** The flag is cleared, then issued is looked at. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "It is in the list once.")
    @Outcome(expect = FORBIDDEN, desc = "Nobody watches a queue with a job on its device, or two do.")
    @State
    public static class ClearsFirst extends Model {

        @Actor
        public void issuer() {
            handOver();
        }

        @Actor
        public void watchdog() {
            watched.set(false);
            if (!isMine()) {
                listed.getAndAdd(-1);
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = listed.get();
        }
    }

    /** Issued is looked at, then the flag is cleared. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "It is in the list once.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Idle, read the watchdog; a job was handed over, and the flag was set; the watchdog let go.")
    @State
    public static class LooksFirst extends Model {

        @Actor
        public void issuer() {
            handOver();
        }

        @Actor
        public void watchdog() {
            if (issued.get() == 0) {
                watched.set(false);
                listed.getAndAdd(-1);
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = listed.get();
        }
    }

    /** Both sides store with release and look with acquire; the turn is left without a read-modify-write. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "It is in the list once.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Each looked before its own store had reached the other.")
    @State
    public static class AcquireLooks extends Model {

        @Actor
        public void issuer() {
            issued.setRelease(1);
            if (!watched.getAcquire() && watched.compareAndSet(false, true)) {
                listed.getAndAdd(1);
            }
        }

        @Actor
        public void watchdog() {
            watched.setRelease(false);
            if (issued.getAcquire() == 0 || !watched.compareAndSet(false, true)) {
                listed.getAndAdd(-1);
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = listed.get();
        }
    }
}
