package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Scheduler;

import org.jspecify.annotations.Nullable;

/** An entity of a scenario, and everything that was submitted to it. */
final class StageEntity {

    private final Stage stage;
    private final World world;
    private final Entity<Job> entity;
    private final List<Job> jobs = new ArrayList<>();
    /** Where jobs were run. */
    private final Map<Job, StageScheduler> homes = new HashMap<>();
    /** Fences of jobs that were not handed over when those were made. */
    private final Map<Job, Fence> scheduled = new HashMap<>();
    private final List<Fence> ends = new ArrayList<>();

    StageEntity(Stage stage, String name, List<StageScheduler> candidates) {
        this.stage = stage;
        world = stage.world();
        entity = Scheduler.openEntity(EntityOptions.named(name).withCapacity(4), schedulers(candidates), null);
    }

    private static List<Scheduler<Job>> schedulers(List<StageScheduler> candidates) {
        return candidates.stream().map(StageScheduler::get).toList();
    }

    /** The entity itself. */
    Entity<Job> get() {
        return entity;
    }

    // ---- what a scenario does

    /** Submits, waiting for room. */
    PointFence submit(Job job, Fence... dependencies) throws InterruptedException {
        submits(job, dependencies);
        return accepted(job, entity.submit(job, dependencies));
    }

    /** A job is about to be submitted; refused until it is accepted. */
    void submits(Job job, Fence... dependencies) {
        job.dependencies = List.of(dependencies);
        jobs.add(job);
        job.refused = true;
    }

    /** A job was submitted. */
    PointFence accepted(Job job, PointFence fence) {
        job.refused = false;
        job.accepted = true;
        job.fence = fence;
        if (stage.isWatching()) {
            job.watched = true;
            Fence handedOver = entity.scheduled(fence);
            if (handedOver.outcome() == Outcome.PENDING) {
                scheduled.put(job, handedOver);
            }
            var _ = fence.onDone(() -> signalled(job, fence));
        }
        return fence;
    }

    /** Submits unless the entity refuses, and answers null then. */
    @Nullable
    PointFence submitUnlessClosed(Job job, Fence... dependencies) throws InterruptedException {
        try {
            return submit(job, dependencies);
        } catch (IllegalStateException closed) {
            world.note(job + " is refused");
            return null;
        }
    }

    private void signalled(Job job, PointFence fence) {
        job.signals++;
        for (Fence dependency : job.dependencies) {
            if (!dependency.isDone()) {
                world.violate(job + " was signalled before " + dependency + ", on which it depends");
            }
        }
        if (fence.outcome() == Outcome.OK && !entity.scheduled(fence).isDone()) {
            world.violate(job + " was signalled before it was scheduled");
        }
    }

    /** Cancels a job: if it still waited for a fence of the scenario after that, it will not be run. */
    void cancel(Job job) {
        PointFence fence = job.fence;
        if (fence != null && entity.cancel(fence)
                && job.dependencies.stream().anyMatch(input -> !(input instanceof PointFence) && !input.isDone())) {
            job.mustNotRun = true;
        }
    }

    /** Says where it may go from now on. */
    void move(StageScheduler... candidates) {
        entity.setCandidates(schedulers(List.of(candidates)));
    }

    /** As {@link #move}, unless one of them is closed. */
    void moveUnlessClosed(StageScheduler... candidates) {
        try {
            move(candidates);
        } catch (IllegalStateException closed) {
            world.note(entity + " is not moved");
        }
    }

    /** Kills it; that is expected to come to its end. */
    void kill() {
        ends.add(entity.kill());
    }

    /** Closes it; that is expected to come to its end. */
    void startClose() {
        ends.add(entity.startClose());
    }

    // ---- what is checked

    void beforeRun(Job job, StageScheduler where) {
        if (jobs.contains(job)) {
            StageScheduler before = homes.putIfAbsent(job, where);
            if (before != null && before != where) {
                world.violate("run of " + job + " by " + where + " and by " + before);
            }
            for (Fence dependency : job.dependencies) {
                checkDependency(job, dependency, where);
            }
        }
    }

    private void checkDependency(Job job, Fence dependency, StageScheduler where) {
        for (StageEntity each : stage.entities()) {
            for (Job other : each.jobs) {
                if (other.fence == dependency && each.isBefore(other, where, each == this)) {
                    if (each != this && other.isRefused()) {
                        world.violate("run of " + job + " although " + other + " has failed, on which it depends");
                    }
                    return;
                }
            }
        }
        if (!dependency.isDone()) {
            world.violate("run of " + job + " before " + dependency + ", on which it depends");
        } else if (dependency.failure() != null) {
            world.violate("run of " + job + " although " + dependency + " has failed: " + dependency.failure());
        }
    }

    /** Whether a job stands on a ring already; or, for jobs of the same entity, was completed on another one. */
    private boolean isBefore(Job job, StageScheduler where, boolean own) {
        return homes.get(job) == where && job.isSettledOrIn(where.device().epoch()) || own && job.completeAt != 0;
    }

    void blamed(Job guilty) {
        if (jobs.contains(guilty)) {
            for (Job job : jobs) {
                job.isVoid |= job != guilty && job.runs != 0 && job.completeAt == 0;
            }
        }
    }

    void checkQuiet() {
        for (Job job : jobs) {
            PointFence fence = job.fence;
            if (fence != null && job.runs + job.cancels == 0 && world.peek(fence::outcome) == Outcome.PENDING) {
                world.violate("nobody hands " + job + " to the device: " + describe());
            }
            if (fence != null && world.peek(() -> entity.scheduled(fence).outcome()) == Outcome.PENDING) {
                world.violate("nobody says that " + job + " is scheduled: " + describe());
            }
        }
        if (!ends.stream().allMatch(end -> world.peek(end::isDone))) {
            world.violate("nobody brings " + entity + " to its end: " + describe());
        }
    }

    void checkEnd() {
        List<Job> inOrder = jobs.stream().filter(job -> job.fence != null)
                .sorted(Comparator.comparingLong(StageEntity::position)).toList();
        Job before = null;
        for (Job job : inOrder) {
            checkEnd(job);
            if (job.runs != 0) {
                if (before != null) {
                    checkOrder(before, job);
                }
                before = job;
            }
        }
        for (Job job : jobs) {
            if (job.refused && job.runs + job.cancels != 0) {
                world.violate(job + " was refused, and yet run " + job.runs + " times, cancelled " + job.cancels
                        + " times");
            }
        }
    }

    private static long position(Job job) {
        PointFence fence = job.fence;
        return fence == null ? 0 : fence.seqno();
    }

    private void checkOrder(Job before, Job job) {
        boolean moved = homes.get(before) != homes.get(job);
        if (job.ranAt < before.ranAt || moved && (before.completeAt == 0 || job.ranAt < before.completeAt)) {
            world.violate("run of " + job + " by " + homes.get(job) + " at " + job.ranAt + ", of " + before
                    + ", which comes before it, by " + homes.get(before) + " at " + before.ranAt);
        }
    }

    private void checkEnd(Job job) {
        PointFence fence = job.fence;
        if (fence == null) {
            return;
        }
        Outcome outcome = fence.outcome();
        if (outcome == Outcome.PENDING || job.signals != (job.watched ? 1 : 0)) {
            world.violate(job + " is " + outcome + " and was signalled " + job.signals + " times at the end");
            return;
        }
        // What a guilty entity has on the ring is kept from the device.
        boolean guilty = jobs.stream().anyMatch(each -> each.condemned == Failure.TimedOut.class);
        Fence handedOver = scheduled.get(job);
        if (handedOver != null && handedOver.outcome() == Outcome.PENDING
                || outcome == Outcome.OK && handedOver != null && handedOver.outcome() != Outcome.OK) {
            world.violate(job + " is " + outcome + ", and its being scheduled " + handedOver.outcome());
        }
        if (handedOver != null && job.runs + job.cancels == 0 && !job.isVoid && homes.get(job) == null
                && handedOver.outcome() == Outcome.OK && stage.saysOutcomes() && !guilty) {
            world.violate(job + " is said to have been scheduled, and was not");
        }
        if (outcome == Outcome.OK && !job.unsure
                && (job.runs == 0 || job.completeAt == 0 || job.failed || job.cancels != 0)) {
            world.violate(job + " is OK; it was run " + job.runs + " times, cancelled " + job.cancels + " times, "
                    + (job.failed ? "failed" : "did not fail"));
        }
        boolean failedInput = job.dependencies.stream().anyMatch(input -> input.outcome() == Outcome.FAILED);
        boolean fails = job.failed || failedInput || job.condemned != null || job.isVoid || job.cancels != 0 || guilty;
        if (failedInput && outcome == Outcome.OK) {
            world.violate(job + " is OK, though something it depends on has failed");
        }
        if (outcome == Outcome.FAILED && !fails && stage.saysOutcomes()) {
            world.violate(job + " has failed for no reason: " + fence.failure());
        }
    }

    String describe() {
        return entity.status() + System.lineSeparator();
    }

    @Override
    public String toString() {
        return entity.toString();
    }
}
