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

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Noted / looked at: an entity with something new is looked at after that came, though only the first who brings news tells its home.
 * Who brings news stores it, then sets {@code noted}; the home takes {@code noted} back, then looks.
 */
public final class EntityNoted {

    private EntityNoted() {
    }

    /** Two who submit to one entity. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both jobs were handed over.")
    @Outcome(expect = FORBIDDEN, desc = "A job lies, and nobody looks for it.")
    @State
    public static class RealScheduler {

        final TinyScheduler scheduler = new TinyScheduler(4);
        final Entity<Object> entity = scheduler.entity();

        @Actor
        public void firstSubmitter() {
            TinyScheduler.submit(entity);
        }

        @Actor
        public void secondSubmitter() {
            TinyScheduler.submit(entity);
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = scheduler.device.ran;
            scheduler.end();
        }
    }

    /** The home looks, then takes {@code noted} back; the turn is that of the core. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both jobs were seen.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "The home looked; the second job came and was noted already; then noted was taken back.")
    @State
    public static class LooksFirst {

        final AtomicInteger jobs = new AtomicInteger();
        final AtomicBoolean noted = new AtomicBoolean();
        final AtomicBoolean inbox = new AtomicBoolean();
        int seen;

        final TinyTurn home = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                if (inbox.getAndSet(false)) {
                    seen = jobs.get();
                    noted.set(false);
                }
                return DONE;
            }
        };

        private void submit() {
            jobs.getAndAdd(1);
            if (noted.compareAndSet(false, true)) {
                inbox.set(true);
                home.news();
            }
        }

        @Actor
        public void firstSubmitter() {
            submit();
        }

        @Actor
        public void secondSubmitter() {
            submit();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = seen;
        }
    }
}
