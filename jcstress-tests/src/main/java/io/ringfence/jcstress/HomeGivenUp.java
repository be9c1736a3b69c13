package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.scheduler.Entity;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Home given up / job submitted: an entity that gets a job while its home gives it up is brought to another. Who brings news stores the
 * job, sets {@code noted}, then reads the home; the home gives it up, takes {@code noted} back for whom it is told of, then looks for
 * jobs.
 */
public final class HomeGivenUp {

    private HomeGivenUp() {
    }

    /** The last job of an entity comes back from a device while the next one is submitted. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The second job was handed over, here or there.")
    @Outcome(expect = FORBIDDEN, desc = "The entity has a job and no home.")
    @State
    public static class RealSchedulers {

        final TinyScheduler one = new TinyScheduler(4);
        final TinyScheduler other = new TinyScheduler(4);
        final Entity<Object> entity = one.entity(other);

        /** Puts the first job on the first device. */
        public RealSchedulers() {
            TinyScheduler.submit(entity);
        }

        @Actor
        public void device() {
            one.device.link().completed(1);
        }

        @Actor
        public void submitter() {
            TinyScheduler.submit(entity);
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = (int) (one.device.ran + other.device.ran);
            one.end();
            other.end();
        }
    }

    /** One entity, at home at 1, which may go to 2. Its home's turn is the first actor, then the arbiter. */
    private abstract static class Model {

        final AtomicInteger jobs = new AtomicInteger();
        final AtomicInteger home = new AtomicInteger(1);
        final AtomicBoolean noted = new AtomicBoolean();
        final AtomicBoolean inbox = new AtomicBoolean();

        final void submit() {
            jobs.set(1);
            wake();
        }

        final void wake() {
            if (noted.compareAndSet(false, true)) {
                int known = home.get();
                if (known == 1) {
                    inbox.set(true);
                } else {
                    home.compareAndSet(0, 2);
                }
            }
        }

        final void giveUp() {
            if (jobs.get() == 0) {
                home.set(0);
                if (jobs.get() != 0) {
                    wake();
                }
            }
        }

        /** The turn looks at what it was told of. */
        final void look() {
            if (inbox.getAndSet(false)) {
                noted.set(false);
                if (home.get() == 0) {
                    arrivesWithoutHome();
                }
            }
        }

        abstract void arrivesWithoutHome();
    }

    /** Whom the former home is told of, it looks at once more. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Stayed, for the job was seen in time.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Went to another.")
    @Outcome(expect = FORBIDDEN, desc = "The entity has a job and no home.")
    @State
    public static class LooksAgain extends Model {

        @Override
        void arrivesWithoutHome() {
            if (jobs.get() != 0) {
                wake();
            }
        }

        @Actor
        public void formerHome() {
            giveUp();
            look();
        }

        @Actor
        public void submitter() {
            submit();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            look();
            result.r1 = home.get();
        }
    }

    /** Whom the former home is told of, it forgets: it looked for jobs after giving it up. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Stayed, for the job was seen in time.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Went to another.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The news went to the former home; its look found it noted already, and nobody looked later.")
    @State
    public static class ForgetsIt extends Model {

        @Override
        void arrivesWithoutHome() {
            // It is elsewhere, or has nothing to do: the home was given up when there were no jobs.
        }

        @Actor
        public void formerHome() {
            giveUp();
            look();
        }

        @Actor
        public void submitter() {
            submit();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            look();
            result.r1 = home.get();
        }
    }
}
