package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.turn.Deferred;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Halt / enter and leave: a turn that is to stand still does so exactly once, at once or when its holder is between two pieces of work;
 * and who lets it go on sees to it that news of that time is looked at. The news itself is plain: the turn alone orders it.
 */
public final class TurnHalt {

    private TurnHalt() {
    }

    /** Somebody who brings news, and a turn that notes when it comes to stand. */
    private abstract static class Halted {

        int news;
        int seen;
        int stood;

        final TinyTurn turn = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                seen = news;
                return DONE;
            }

            @Override
            protected void halted() {
                stood++;
            }
        };

        final void letGo() {
            Deferred turned = turn.letGo();
            if (turned != null) {
                Deferred.run(turned);
            }
        }
    }

    /** Asked to stand beside news; let go on afterwards. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It stood, once, and then the news was seen.")
    @Outcome(expect = FORBIDDEN, desc = "It does not stand, stood twice, or has lost its news.")
    @State
    public static class Stands extends Halted {

        @Actor
        public void bringer() {
            news = 1;
            turn.news();
        }

        @Actor
        public void halter() {
            turn.halt();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = turn.isStanding() ? stood : -1;
            letGo();
            result.r2 = seen;
        }
    }

    /** Asked to stand and let go on again, beside news. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The news was seen, and nobody is inside.")
    @Outcome(expect = FORBIDDEN, desc = "News was left lying, or the turn is held by nobody.")
    @State
    public static class GoesOn extends Halted {

        @Actor
        public void bringer() {
            news = 1;
            turn.news();
        }

        @Actor
        public void halter() {
            turn.halt();
            letGo();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = seen;
            result.r2 = (int) turn.newsOpaque();
        }
    }

    /** Whoever lets it go on looks whether it stands, and then says that it goes on. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The news was seen, and nobody is inside.")
    @Outcome(expect = ACCEPTABLE_INTERESTING,
            desc = "It came to stand between the look and the store: nobody performs it.")
    @State
    public static class LooksThenStores {

        private static final int GOES = 0;
        private static final int ASKED = 1;
        private static final int STANDS = 2;

        int news;
        int seen;
        final AtomicLong count = new AtomicLong();
        final AtomicInteger halted = new AtomicInteger(GOES);

        private void enter() {
            if (count.getAndAdd(1) == 0) {
                perform();
            }
        }

        private void perform() {
            for (long counted = 1; counted != 0;) {
                if (halted.get() != GOES && halted.compareAndSet(ASKED, STANDS)) {
                    return;
                }
                seen = news;
                counted = count.addAndGet(-counted);
            }
        }

        @Actor
        public void bringer() {
            news = 1;
            enter();
        }

        @Actor
        public void halter() {
            if (halted.compareAndSet(GOES, ASKED)) {
                enter();
            }
            boolean stands = halted.get() == STANDS;
            halted.set(GOES);
            if (stands) {
                perform();
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = seen;
            result.r2 = (int) count.get();
        }
    }
}
