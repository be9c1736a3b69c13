package io.ringfence.jcstress;

import java.util.List;
import java.util.stream.Stream;

import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.SubmitCode;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;

/** A scheduler whose device completes a job when it is told to. */
final class TinyScheduler {

    final TinyDriver device;
    private final Scheduler<Object> scheduler;

    TinyScheduler(int credits) {
        this(credits, new TinyDriver());
    }

    TinyScheduler(int credits, TinyDriver device) {
        this.device = device;
        // Without a timeout: the watchdog looks at the device too, and what it then finds is done by others when the actors are through.
        scheduler = Scheduler.open(TinyDriver.runtime(), device,
                SchedulerOptions.named("jcstress").withCredits(credits).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    /** An entity that may come here, or go to the others. */
    Entity<Object> entity(TinyScheduler... others) {
        List<Scheduler<Object>> candidates =
                Stream.concat(Stream.of(this), Stream.of(others)).map(each -> each.scheduler).toList();
        return Scheduler.openEntity(EntityOptions.named("jcstress").withCapacity(4), candidates, null);
    }

    /** An entity may come here only, from now on. */
    void takes(Entity<Object> entity) {
        entity.setCandidates(List.of(scheduler));
    }

    /** Submits a job; there is room. */
    static void submit(Entity<Object> entity) {
        long seqno = entity.trySubmit("job");
        if (seqno < 0) {
            throw new IllegalStateException("refused: " + SubmitCode.describe(seqno));
        }
    }

    /** The device completes what it has, and what it is given because of that. */
    void completeAll() {
        for (long told = 0; told < device.ran;) {
            told = device.ran;
            device.link().completedThrough(told);
        }
    }

    /** What is on the device comes to its end, and nothing else comes. */
    void end() {
        scheduler.kill();
        completeAll();
    }
}
