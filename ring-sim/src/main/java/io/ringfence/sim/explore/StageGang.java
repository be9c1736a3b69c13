package io.ringfence.sim.explore;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.ringfence.fence.Fence;
import io.ringfence.queue.Committed;
import io.ringfence.scheduler.Gang;
import io.ringfence.scheduler.GangSwitch;

import org.jspecify.annotations.Nullable;

/** A gang of a scenario: the devices complete none of its jobs before all of them were run, unless they are to give it up. */
final class StageGang {

    private final World world;
    private final Gang gang;
    private final Map<Job, StageEntity> jobs = new LinkedHashMap<>();
    /** Where jobs of it were run. */
    private final Set<Machine> devices = new LinkedHashSet<>();

    StageGang(Stage stage, GangSwitch device) {
        world = stage.world();
        gang = Gang.create(device);
    }

    /** Adds a job; the last one leads. */
    StageGang add(StageEntity entity, Job job, Fence... dependencies) {
        var _ = gang.add(entity.get(), job).after(dependencies);
        job.gang = this;
        jobs.put(job, entity);
        entity.submits(job, dependencies);
        return this;
    }

    /** Submits all, waiting for room. */
    List<? extends Fence> commit() throws InterruptedException {
        return accepted(gang.commit());
    }

    /** Submits all if that is possible at once, and answers null if it is not, or if an entity refuses. */
    @Nullable
    List<? extends Fence> tryCommit() {
        Committed done;
        try {
            done = gang.tryCommit();
        } catch (IllegalStateException closed) {
            done = null;
        }
        if (done == null) {
            world.note(jobs.keySet() + " are refused");
            return null;
        }
        return accepted(done);
    }

    private List<? extends Fence> accepted(Committed done) {
        int index = 0;
        for (Map.Entry<Job, StageEntity> each : jobs.entrySet()) {
            each.getValue().accepted(each.getKey(), done.fences().get(index++));
        }
        return done.fences();
    }

    /** A job of it is about to be run. */
    void beforeRun(Job job, Machine device) {
        for (Job other : jobs.keySet()) {
            if (!other.dependencies.stream().allMatch(Fence::isDone)) {
                world.violate("run of " + job + " before its gang could go: " + other + " waits for "
                        + other.dependencies);
            }
        }
        devices.add(device);
    }

    /** A job of it was run. */
    void ran() {
        devices.forEach(Machine::wake);
    }

    /** Whether some were not run. */
    boolean isIncomplete() {
        return jobs.keySet().stream().anyMatch(job -> job.runs == 0);
    }
}
