package io.ringfence.figures.dependencies;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The least that eight pending dependencies can be: a word for each, on which a waiter is pushed, and which is settled by a
 * compare-and-set; a count, which the one who settles takes down. Nothing of what a queue is for.
 */
final class BareFanIns implements FanIns {

    private static final Object HAPPENED = new Object();
    private static final VarHandle STATE;
    private static final VarHandle LEFT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Thing.class, "state", Object.class);
            LEFT = lookup.findVarHandle(Job.class, "left", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private long given;
    private long run;

    private static final class Thing {
        private volatile Object state;
    }

    private static final class Waiter {
        private final Job job;
        private final Object below;

        Waiter(Job job, Object below) {
            this.job = job;
            this.below = below;
        }
    }

    private static final class Job {
        @SuppressWarnings("UnusedVariable") // read and written through LEFT only
        private volatile int left;
    }

    @Override
    public Object pending() {
        Thing[] things = made();
        Job job = new Job();
        given++;
        LEFT.setOpaque(job, MEMBERS + 1);
        int late = 1;
        for (Thing thing : things) {
            late += isPushed(thing, job) ? 0 : 1;
        }
        countDown(job, late);
        happen(things);
        return job;
    }

    @Override
    public Object none() {
        Thing[] things = made();
        happen(things);
        given++;
        Job job = new Job();
        run++;
        return job;
    }

    private static Thing[] made() {
        Thing[] things = new Thing[MEMBERS];
        for (int i = 0; i < things.length; i++) {
            things[i] = new Thing();
        }
        return things;
    }

    private static boolean isPushed(Thing thing, Job job) {
        for (;;) {
            Object known = thing.state;
            if (known == HAPPENED) {
                return false;
            }
            if (STATE.compareAndSet(thing, known, new Waiter(job, known))) {
                return true;
            }
        }
    }

    private void happen(Thing[] things) {
        for (Thing thing : things) {
            Object known = thing.state;
            while (!STATE.compareAndSet(thing, known, HAPPENED)) {
                known = thing.state;
            }
            for (Object top = known; top instanceof Waiter waiter; top = waiter.below) {
                countDown(waiter.job, 1);
            }
        }
    }

    private void countDown(Job job, int by) {
        if ((int) LEFT.getAndAdd(job, -by) == by) {
            run++;
        }
    }

    @Override
    public void close() {
        if (run != given) {
            throw new IllegalStateException(given + " jobs were given, " + run + " were run");
        }
    }
}
