package io.ringfence.sim.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Policy;
import io.ringfence.scheduler.Priority;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;
import io.ringfence.sim.virtual.VirtualWorld;

import org.jspecify.annotations.Nullable;

/**
 * The kernel's tests of overhead ({@code tests_scheduler.c}): a thousand jobs of a millisecond, behind one that lasts until all are
 * submitted, with one credit. Whatever a scheduler lets the device stand idle between two of them shows.
 */
public enum OverheadCase {
    /** All of one entity. */
    O1("one client", 1),
    /** Of two entities, each job after the one before it, which is the other's. */
    O2("two clients, each job after the other's", 2);

    private static final int JOBS = 1_000;
    private static final long JOB_MICROS = 1_000;
    private static final int CAPACITY = 1 << 10;
    private static final long LONGEST = 100_000_000_000L;

    private final String title;
    private final int clients;

    OverheadCase(String title, int clients) {
        this.title = title;
        this.clients = clients;
    }

    /**
     * What it is.
     *
     * @return who submits what
     */
    public String title() {
        return title;
    }

    /**
     * Does it. Puts a virtual world behind the seam meanwhile.
     *
     * @param policy who decides
     * @return the time that the jobs took, by the time that they take on the device; 1 is the least
     * @throws IllegalStateException if the process was not started with the seam on, or it does not come to an end
     */
    public double ratio(Supplier<? extends Policy> policy) {
        VirtualWorld world = VirtualWorld.install();
        RingfenceRuntime runtime = RingfenceRuntime.start();
        MockGpu gpu = new MockGpu();
        Scheduler<MockJob> scheduler = Scheduler.open(runtime, gpu, SchedulerOptions.named("overhead")
                .withCredits(1).withPolicy(policy).withTimeout(QueueOptions.NO_TIMEOUT));
        try {
            List<Entity<MockJob>> entities = open(scheduler);
            PointFence last = submitAll(entities);
            long begun = Seam.nanoTime();
            int _ = gpu.advance(1);
            while (!last.isDone() && world.runOnce(LONGEST)) {
                Thread.onSpinWait();
            }
            if (!last.isDone()) {
                throw new IllegalStateException("the jobs do not end: " + runtime.dump());
            }
            double ratio = (Seam.nanoTime() - begun) / (JOBS * JOB_MICROS * 1e3);
            entities.forEach(Entity::close);
            return ratio;
        } finally {
            scheduler.close();
            runtime.close();
            world.uninstall();
        }
    }

    private List<Entity<MockJob>> open(Scheduler<MockJob> scheduler) {
        List<Entity<MockJob>> entities = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            entities.add(scheduler.openEntity(new EntityOptions(
                    QueueOptions.named("client-" + i).withCapacity(CAPACITY), Priority.NORMAL)));
        }
        return entities;
    }

    private PointFence submitAll(List<Entity<MockJob>> entities) {
        PointFence last = submitted(entities.getFirst().trySubmitFence(MockJob.endless("blocks")));
        for (int i = 1; i <= JOBS; i++) {
            MockJob job = MockJob.micros("job", JOB_MICROS);
            Entity<MockJob> entity = entities.get(i % clients);
            last = submitted(clients == 1 ? entity.trySubmitFence(job) : entity.trySubmitFence(job, last));
        }
        return last;
    }

    private static PointFence submitted(@Nullable PointFence fence) {
        if (fence == null) {
            throw new IllegalStateException("no room for " + JOBS + " jobs in " + CAPACITY);
        }
        return fence;
    }
}
