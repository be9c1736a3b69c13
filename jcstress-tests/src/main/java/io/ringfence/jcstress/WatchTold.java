package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.PointFence;
import io.ringfence.scheduler.Entity;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Watch listed / told: a job that waits until another entity gets on is asked for again whenever that one does. Who waits puts its watch
 * into the list unless it is there, then looks once more; who gets on takes the watch off, stores that it is not there, then tells.
 */
public final class WatchTold {

    private WatchTold() {
    }

    /**
     * The first job of an entity is handed over at one scheduler while a job at another begins to wait for the second one; then the
     * entity comes to that other scheduler.
     */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The second job, and right behind it the one that depends on it.")
    @Outcome(expect = FORBIDDEN, desc = "The job sleeps although the one before it is on the same ring.")
    @State
    public static class RealSchedulers {

        final TinyScheduler here = new TinyScheduler(4);
        final TinyScheduler there = new TinyScheduler(1);
        final Entity<Object> busy = there.entity();
        final Entity<Object> producer = there.entity();
        final Entity<Object> consumer = here.entity();
        final PointFence second;

        /** There is one credit there, which the job of another entity has. */
        public RealSchedulers() {
            TinyScheduler.submit(busy);
            TinyScheduler.submit(producer);
            second = producer.trySubmitFence("job");
        }

        @Actor
        public void device() {
            there.device.link().completed(1);
        }

        @Actor
        public void submitter() {
            consumer.trySubmitFence("job", second);
        }

        @Arbiter
        public void afterwards(I_Result result) {
            here.takes(producer);
            there.completeAll();
            result.r1 = (int) here.device.ran;
            there.end();
            here.end();
        }
    }

    /** Another entity has got on once, and does so once more when both actors are through. */
    private abstract static class Model {

        final AtomicBoolean listed = new AtomicBoolean(true);
        /** The list is of one watch, which is in it. */
        final AtomicInteger list = new AtomicInteger(1);
        /** How far the other entity has got, and how far it had when it was looked at last. */
        final AtomicInteger progress = new AtomicInteger();
        volatile int seen;

        final TinyTurn waiting = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                if (listed.compareAndSet(false, true)) {
                    list.set(1);
                }
                seen = progress.get();
                return DONE;
            }
        };

        final void getOn() {
            progress.getAndAdd(1);
            if (list.getAndSet(0) == 1) {
                tell();
            }
        }

        abstract void tell();
    }

    /** The watch may be listed anew, then it is told. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "It knows how far the other one has got.")
    @Outcome(expect = FORBIDDEN, desc = "Nobody told of the second step.")
    @State
    public static class ClearsFirst extends Model {

        @Override
        void tell() {
            listed.set(false);
            waiting.news();
        }

        @Actor
        public void producer() {
            getOn();
        }

        @Actor
        public void otherNews() {
            waiting.news();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            getOn();
            result.r1 = seen;
        }
    }

    /** It is told, then the watch may be listed anew. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "It knows how far the other one has got.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "Told, it looked, and the watch seemed to be listed; then it was not, and nobody tells the next time.")
    @State
    public static class TellsFirst extends Model {

        @Override
        void tell() {
            waiting.news();
            listed.set(false);
        }

        @Actor
        public void producer() {
            getOn();
        }

        @Actor
        public void otherNews() {
            waiting.news();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            getOn();
            result.r1 = seen;
        }
    }
}
