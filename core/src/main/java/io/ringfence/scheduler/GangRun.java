package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/**
 * The jobs of one gang on their way to the device: all of them ready, then the gang's turn at its switch, then the members, then the one
 * that leads. Touched by the homes of its jobs, each under its own turn, and by who cancels one of them.
 *
 * <p>The handshakes: who is ready is counted down (read-modify-write), and the last one has the others looked at; who goes to another
 * home is counted up again, unless all are counted; a member is marked as handed over (volatile), then the leader is told; what breaks
 * the gang is stored (compare-and-set), then it leaves the switch, and who gets in there looks once more whether it is broken.
 */
final class GangRun {

    private static final Failure GIVEN_UP = new Failure.Cancelled("its gang was given up");

    private static final VarHandle UNREADY;
    private static final VarHandle UNHANDED;
    private static final VarHandle BROKEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            UNREADY = lookup.findVarHandle(GangRun.class, "unready", int.class);
            UNHANDED = lookup.findVarHandle(GangRun.class, "unhanded", int.class);
            BROKEN = lookup.findVarHandle(GangRun.class, "broken", Failure.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final GangSwitch device;
    private final List<EntityJob<?>> jobs;
    private final EntityJob<?> leader;
    /** Jobs that have something to wait for besides the gang. */
    private volatile int unready;
    /** Members that are not on the device. */
    private volatile int unhanded;
    /** Why it will not run as a gang, or null. */
    private volatile @Nullable Failure broken;
    private volatile boolean over;

    /** The last of the jobs leads. */
    GangRun(GangSwitch device, List<EntityJob<?>> jobs) {
        this.device = device;
        this.jobs = List.copyOf(jobs);
        leader = jobs.getLast();
        unready = jobs.size();
        unhanded = jobs.size() - 1;
    }

    @Nullable
    Failure brokenVolatile() {
        return broken;
    }

    /** Whether a job may go that is its entity's first and has nothing else to wait for. Its home; told again when that changes. */
    boolean mayGo(EntityJob<?> job) {
        if (!job.gangReady) {
            job.gangReady = true;
            Seam.at(Site.SCHEDULE);
            if ((int) UNREADY.getAndAdd(this, -1) == 1) {
                standInLine(job);
            }
        }
        if (broken != null || !device.isFirst(this)) {
            return false;
        }
        SchedulerCore<?> home = job.entity.homeVolatile();
        if (home != null && isShared(home, job)) {
            broke(job, "came to the ring of another one, " + home);
            return false;
        }
        return job != leader || unhanded == 0;
    }

    /** Whether another job of the gang goes to the ring of a home whose turn the caller holds, or has gone there. */
    private boolean isShared(SchedulerCore<?> home, EntityJob<?> job) {
        for (EntityJob<?> other : jobs) {
            // In this order: who has come here brings along where his job went before.
            if (other != job && other.entity.homeVolatile() == home
                    && (other.turn == null || other.turn == home.turn())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a job may go to another home, where it has to be ready anew. Its home.
     *
     * @return false once its gang stands in line and is not broken
     */
    boolean letsGo(EntityJob<?> job) {
        while (job.gangReady && broken == null) {
            int known = unready;
            if (known == 0) {
                return false;
            }
            Seam.at(Site.SCHEDULE);
            if (UNREADY.compareAndSet(this, known, known + 1)) {
                job.gangReady = false;
            }
        }
        return true;
    }

    private void standInLine(EntityJob<?> job) {
        try {
            device.enter(this);
        } catch (OutOfMemoryError noPlace) {
            broke(job, "found no place before its device");
            return;
        }
        if (broken != null) {
            device.leave(this);
        } else if (device.isFirst(this)) {
            wake();
        }
    }

    /** Has all its jobs looked at. */
    void wake() {
        jobs.forEach(each -> each.entity.wake());
    }

    /** One of its jobs goes to the device; the job's home. */
    void goes(EntityJob<?> job) {
        Seam.at(Site.SCHEDULE);
        if (job == leader) {
            over = true;
            device.leave(this);
        } else if ((int) UNHANDED.getAndAdd(this, -1) == 1) {
            leader.entity.wake();
        }
    }

    /** One of its jobs has failed on the device: if the gang is not complete, the others are given up. */
    void failed(EntityJob<?> job) {
        if (!over) {
            broke(job, "failed");
        }
    }

    /** One of its jobs never gets to the device: the others are given up, also those that are there. Any thread. */
    void broke(EntityJob<?> job, String what) {
        if (broken != null) {
            return;
        }
        Failure why = why(job, what);
        Seam.at(Site.SCHEDULE);
        if (BROKEN.compareAndSet(this, (Failure) null, why)) {
            Seam.at(Site.SCHEDULE);
            device.leave(this);
            for (EntityJob<?> other : jobs) {
                if (other != job) {
                    abort(other);
                }
            }
        }
    }

    private static Failure why(EntityJob<?> job, String what) {
        try {
            Seam.at(Site.SCHEDULE);
            return new Failure.Cancelled(job + " " + what + ", and its gang with it");
        } catch (OutOfMemoryError noWords) {
            return GIVEN_UP;
        }
    }

    private static <P> void abort(EntityJob<P> job) {
        job.entity.abort(job);
    }

    @Override
    public String toString() {
        return "gang of " + jobs;
    }
}
