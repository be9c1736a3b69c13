package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.ringfence.internal.turn.Deferred;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Join / recovery: a queue that joins a domain which recovers is halted by itself or by the recovery, and let go on exactly once. A
 * model of {@code Recovery.join}, {@code begins} and {@code goOn} around a real turn: who joins adds himself, then looks whether a
 * recovery is under way, and asks it to look again once he stands; a recovery says so, then looks at who has joined. The members stand
 * in a skip list of the JDK as in {@code DomainQueues}, whose links are read plain, with the same two fences.
 */
public final class DomainJoin {

    private DomainJoin() {
    }

    private abstract static class Domain {

        /** The one that joins, at 0, and one that is there. */
        final ConcurrentSkipListMap<Integer, TinyTurn> members = new ConcurrentSkipListMap<>();
        volatile boolean active;
        final AtomicBoolean posted = new AtomicBoolean();
        final AtomicInteger performed = new AtomicInteger();
        final AtomicInteger stood = new AtomicInteger();

        final TinyTurn turn = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                return DONE;
            }

            @Override
            protected void halted() {
                stood.getAndIncrement();
            }
        };

        Domain() {
            members.put(1, new TinyTurn() {
                @Override
                protected int work(boolean first) {
                    return DONE;
                }
            });
        }

        final void forEach(Consumer<TinyTurn> what) {
            members.values().forEach(what);
        }

        final void letGo(TinyTurn member) {
            Deferred turned = member.letGo();
            if (turned != null) {
                performed.getAndAdd(member == turn ? 1 : 0);
                Deferred.run(turned);
            }
        }

        final void add() {
            members.put(0, turn);
            VarHandle.fullFence();
        }

        final void haltAll() {
            VarHandle.fullFence();
            forEach(TinyTurn::halt);
        }

        final void join() {
            add();
            if (active) {
                turn.halt();
                posted.set(true);
            }
        }

        final void recover() {
            active = true;
            haltAll();
            active = false;
            forEach(this::letGo);
            step();
        }

        /** The next look of the recovery, if somebody has asked for it. */
        final void step() {
            if (posted.getAndSet(false)) {
                forEach(this::letGo);
            }
        }

        /** Let go on as often as it stood, and nobody is inside. */
        final void told(II_Result result) {
            result.r1 = turn.isStanding() ? -1 : stood.get() - performed.get();
            result.r2 = (int) turn.newsOpaque();
        }
    }

    /** A whole recovery beside a queue that joins. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "It goes on, let go as often as it stood.")
    @Outcome(expect = FORBIDDEN, desc = "It stands for ever, or was let go twice.")
    @State
    public static class RealTurn extends Domain {

        @Actor
        public void recovery() {
            recover();
        }

        @Actor
        public void joiner() {
            join();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            step();
            told(result);
        }
    }

    /** Whoever joins halts himself, and asks nobody to look again. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "It goes on, let go as often as it stood.")
    @Outcome(expect = ACCEPTABLE_INTERESTING,
            desc = "Under way, read the one; the recovery let all go on; the queue came to stand, for ever.")
    @State
    public static class HaltsUnasked extends Domain {

        @Actor
        public void recovery() {
            recover();
        }

        @Actor
        public void joiner() {
            add();
            if (active) {
                turn.halt();
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            step();
            told(result);
        }
    }

    /** A recovery that has begun beside a queue that joins, and is not over. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The queue stands, whoever halted it.")
    @Outcome(expect = FORBIDDEN, desc = "A queue of the domain goes on while it is recovered.")
    @State
    public static class AddsFirst extends Domain {

        @Actor
        public void recovery() {
            active = true;
            haltAll();
        }

        @Actor
        public void joiner() {
            join();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = turn.isStanding() ? stood.get() : 0;
        }
    }

    /** Who joins looks, and then adds himself. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The queue stands, whoever halted it.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "No recovery, read the one; it began and found no queue; the queue was added.")
    @State
    public static class LooksFirst extends Domain {

        @Actor
        public void recovery() {
            active = true;
            haltAll();
        }

        @Actor
        public void joiner() {
            boolean recovers = active;
            add();
            if (recovers) {
                turn.halt();
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = turn.isStanding() ? stood.get() : 0;
        }
    }
}
