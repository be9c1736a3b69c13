package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Batch;
import io.ringfence.queue.Committed;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.Gang;
import io.ringfence.scheduler.GangSwitch;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Gang broken / in the line: a gang that is broken while it gets into the line of its switch does not stay there and keep the others
 * back. What breaks it is stored, then it is taken out of the line; who got in looks whether it is broken.
 */
public final class GangBroken {

    private GangBroken() {
    }

    /** A job of a gang is cancelled when what it waits for is signalled; another gang stands behind that one. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The other gang ran.")
    @Outcome(expect = FORBIDDEN, desc = "The other gang waits for one that is gone.")
    @State
    public static class RealGangs {

        final TinyScheduler one = new TinyScheduler(4);
        final TinyScheduler other = new TinyScheduler(4);
        final Entity<Object> members = one.entity();
        final Entity<Object> leaders = other.entity();
        final GangSwitch device = GangSwitch.create("jcstress");
        final FenceIssuer gate = FenceIssuer.create("gate");
        final PointFence member;
        final PointFence last;

        /** Submits both gangs. */
        public RealGangs() {
            Gang first = Gang.create(device);
            Batch.Member waits = first.add(members, "job").after(gate.fence());
            first.add(leaders, "job");
            member = submitted(first).fence(waits);
            Gang second = Gang.create(device);
            second.add(members, "job");
            Batch.Member leads = second.add(leaders, "job");
            last = submitted(second).fence(leads);
        }

        private static Committed submitted(Gang gang) {
            Committed committed = gang.tryCommit();
            if (committed == null) {
                throw new IllegalStateException("no room for " + gang);
            }
            return committed;
        }

        @Actor
        public void opener() {
            gate.signal();
        }

        @Actor
        public void canceller() {
            members.cancel(member);
        }

        @Arbiter
        public void afterwards(I_Result result) {
            // The first one, as far as it is there, and then the other one.
            for (int i = 0; i < 2; i++) {
                one.completeAll();
                other.completeAll();
            }
            result.r1 = last.isDone() && last.failure() == null ? 1 : 0;
            one.end();
            other.end();
        }
    }

    /** Who gets in has looked before. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "It did not get in, or was taken out.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Whole, read who gets in; it was broken, and was not in the line yet; then it got in.")
    @State
    public static class LooksFirst {

        final Queue<Object> line = new ConcurrentLinkedQueue<>();
        volatile boolean broken;

        @Actor
        public void home() {
            if (!broken) {
                line.offer("gang");
            }
        }

        @Actor
        public void canceller() {
            broken = true;
            line.remove("gang");
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = line.isEmpty() ? 1 : 0;
        }
    }
}
