package io.ringfence.sim.explore;

import io.ringfence.fence.Fence;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.scheduler.Prepare;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;
import io.ringfence.scheduler.SchedulerStatus;

import org.jspecify.annotations.Nullable;

/** A scheduler of a scenario with its device: watches what is handed over. */
final class StageScheduler implements Served {

    private final Stage stage;
    private final World world;
    private final Device device;
    private final Scheduler<Job> scheduler;
    private final @Nullable Prepare<Job> prepare;
    private boolean ending;

    StageScheduler(Stage stage, String name, Stage.Sharing how) {
        this.stage = stage;
        world = stage.world();
        prepare = how.prepare();
        device = new Device(world, "device " + name, how.style(), how.inOrder());
        Domain domain = how.domain();
        if (domain != null) {
            Device _ = device.in(domain);
        }
        device.serves(this);
        SchedulerOptions options = SchedulerOptions.named(name).withCredits(how.credits())
                .withTimeout(QueueOptions.NO_TIMEOUT).withPolicy(how.policy());
        scheduler = Scheduler.open(stage.runtime(), device, options,
                PayloadTraits.<Job>plain().withCost(job -> job.cost), prepare);
    }

    /** The scheduler itself. */
    Scheduler<Job> get() {
        return scheduler;
    }

    Device device() {
        return device;
    }

    /** Closes it; it is expected to get to its end by itself. */
    void startClose() {
        var _ = scheduler.startClose();
        ending = true;
    }

    /** Closes it and waits for that, where one may wait; it is expected to get to its end by itself. */
    void close() {
        scheduler.close();
        ending = true;
    }

    /** Kills it; it is expected to get to its end by itself. */
    void kill() {
        var _ = scheduler.kill();
        ending = true;
    }

    /** Whether nothing is handed over before what was has come back. */
    boolean hasRoomForOne() {
        return scheduler.options().credits() == 1;
    }

    @Override
    public void beforeRun(Job job) {
        int limit = scheduler.options().credits();
        if (device.cost() + job.cost > limit) {
            world.violate("run of " + job + " takes " + device + " beyond " + limit + " credits");
        }
        if (job.isVoid) {
            world.violate("run of " + job + ", whose entity is guilty");
        }
        if (job.mustNotRun) {
            world.violate("run of " + job + ", which was cancelled before");
        }
        Fence missing = missing(job);
        if (missing != null) {
            world.violate("run of " + job + ", for which " + missing + " has to be prepared");
        }
        for (StageEntity entity : stage.entities()) {
            entity.beforeRun(job, this);
        }
    }

    /** What a job has to be prepared with, still. */
    private @Nullable Fence missing(Job job) {
        Prepare<Job> asked = prepare;
        try {
            return asked == null ? null : asked.prepare(job);
        } catch (Exception thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    @Override
    public void beforeCancel(Job job) {
        // It had a place on the ring, so whatever it waits for is done or stands before it.
    }

    @Override
    public void blamed(Job job) {
        for (StageEntity entity : stage.entities()) {
            entity.blamed(job);
        }
    }

    void checkQuiet() {
        if (ending && !device.isClosed()) {
            world.violate("nobody brings " + scheduler + " to its end, which was closed: " + describe());
        }
    }

    void checkEnd() {
        SchedulerStatus status = world.peek(scheduler::status);
        if (!device.isClosed()) {
            world.violate(device + " was not closed");
        }
        if (status.creditsUsed() != 0 || status.load() != 0 || status.entities() != 0) {
            world.violate("at the end: " + status);
        }
    }

    String describe() {
        return device.isClosed() ? "" : scheduler.status() + System.lineSeparator();
    }

    @Override
    public String toString() {
        return scheduler.toString();
    }
}
