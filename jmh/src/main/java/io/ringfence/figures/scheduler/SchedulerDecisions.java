package io.ringfence.figures.scheduler;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.figures.devices.PushingDriver;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Priority;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;

/** Entities that have the same number of jobs each, and a device that is kept from them. */
final class SchedulerDecisions implements Decisions {

    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private final PushingDriver device;
    private final Scheduler<Object> scheduler;
    private final List<Entity<Object>> opened = new ArrayList<>();

    SchedulerDecisions(int entities, String policy, String completion) {
        if (entities < 1 || JOBS % entities != 0) {
            throw new IllegalArgumentException("entities " + entities + ": must be 1 or more, and divide " + JOBS);
        }
        device = new PushingDriver(completion.equals("single"));
        scheduler = Scheduler.open(runtime, device,
                SchedulerOptions.named("measured").withPolicy(Policies.named(policy)));
        int jobs = JOBS / entities;
        int capacity = Math.max(2, Integer.highestOneBit(2 * jobs - 1));
        for (int i = 0; i < entities; i++) {
            opened.add(scheduler.openEntity(EntityOptions.named("entity " + i).withPriority(Priority.NORMAL)
                    .withCapacity(capacity)));
        }
    }

    @Override
    public void load() throws InterruptedException {
        for (Entity<Object> entity : opened) {
            while (!entity.timeline().isDone(entity.timeline().claimedVolatile())) {
                Thread.onSpinWait();
            }
        }
        var _ = scheduler.freeze().await();
        for (int i = 0; i < JOBS; i++) {
            if (opened.get(i % opened.size()).trySubmit("job") < 0) {
                throw new IllegalStateException("no room though every job is complete");
            }
        }
    }

    /** Lets the device go, and waits until it was given all jobs. */
    @Override
    public long unload() {
        long through = device.given() + JOBS;
        scheduler.thaw();
        while (device.given() < through) {
            Thread.onSpinWait();
        }
        return through;
    }

    @Override
    public void close() {
        runtime.close();
    }
}
