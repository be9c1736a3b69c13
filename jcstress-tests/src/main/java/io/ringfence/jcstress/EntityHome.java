package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.scheduler.Entity;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Home / news: an entity that is nowhere is brought to one scheduler, whoever brings news of it. {@code noted} is set before a home is
 * looked for, and the home is set from none, each with a compare-and-set.
 */
public final class EntityHome {

    private EntityHome() {
    }

    /** The first two jobs of an entity that may go to two. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "Both jobs are where the first of equals is.")
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "Both jobs are at the other one.")
    @Outcome(expect = FORBIDDEN, desc = "The jobs of an entity are at two schedulers, or one of them nowhere.")
    @State
    public static class RealSchedulers {

        final TinyScheduler one = new TinyScheduler(4);
        final TinyScheduler other = new TinyScheduler(4);
        final Entity<Object> entity = one.entity(other);

        @Actor
        public void firstSubmitter() {
            TinyScheduler.submit(entity);
        }

        @Actor
        public void secondSubmitter() {
            TinyScheduler.submit(entity);
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = (int) one.device.ran;
            result.r2 = (int) other.device.ran;
            one.end();
            other.end();
        }
    }

    /** Who finds no home stores the one that he has chosen; each has chosen another, for the load has changed between them. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The first has chosen.")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "The second has chosen.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE_INTERESTING, desc = "Both found none, and told the one they chose.")
    @State
    public static class LooksThenStores {

        final AtomicInteger home = new AtomicInteger();

        private int homeOr(int best) {
            int known = home.get();
            if (known != 0) {
                return known;
            }
            home.set(best);
            return best;
        }

        @Actor
        public void firstSubmitter(II_Result result) {
            result.r1 = homeOr(1);
        }

        @Actor
        public void secondSubmitter(II_Result result) {
            result.r2 = homeOr(2);
        }
    }
}
