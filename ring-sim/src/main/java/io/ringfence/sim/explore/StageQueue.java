package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Batch;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueStatus;

import org.jspecify.annotations.Nullable;

/** A queue of a scenario with its device, and everything that was submitted to it. */
final class StageQueue implements Served {

    private final World world;
    private final Device device;
    private final Stage stage;
    private final Stage.Setting setting;
    private @Nullable JobQueue<Job> queue;
    final List<Job> jobs = new ArrayList<>();
    private long lastFinished;

    StageQueue(Stage stage, World world, Device device, Stage.Setting setting) {
        this.stage = stage;
        this.world = world;
        this.device = device;
        this.setting = setting;
    }

    void opened(JobQueue<Job> made) {
        queue = made;
        world.invariant(this::check);
    }

    /** The queue itself. */
    JobQueue<Job> get() {
        JobQueue<Job> known = queue;
        if (known == null) {
            throw new IllegalStateException("the scenario has let go of its queue");
        }
        return known;
    }

    boolean isForgotten() {
        return queue == null;
    }

    /** Lets go of the handle, as a program does that loses it. */
    void forget() {
        queue = null;
    }

    Stage.Setting setting() {
        return setting;
    }

    Device device() {
        return device;
    }

    // ---- submitting

    private Job begin(Job job, Fence... dependencies) {
        job.dependencies = List.of(dependencies);
        jobs.add(job);
        return job;
    }

    private PointFence accepted(Job job, PointFence fence) {
        job.accepted = true;
        job.fence = fence;
        if (stage.isWatching()) {
            job.watched = true;
            var _ = fence.onDone(() -> signalled(job));
        }
        return fence;
    }

    private void signalled(Job job) {
        job.signals++;
        if (job.signals > 1) {
            world.violate(job + " was signalled " + job.signals + " times");
        }
        PointFence fence = job.fence;
        if (fence != null && !fence.isDone()) {
            world.violate("a callback of " + job + " was called before it is done");
        }
        for (Fence dependency : job.dependencies) {
            if (!dependency.isDone() && !device.isLost()) {
                world.violate(job + " was signalled before " + dependency + ", on which it depends");
            }
        }
    }

    /** Submits, waiting for room. */
    PointFence submit(Job job, Fence... dependencies) throws InterruptedException {
        Job begun = begin(job, dependencies);
        begun.refused = true;
        PointFence fence = get().submit(job, dependencies);
        begun.refused = false;
        return accepted(job, fence);
    }

    /** Submits unless the queue refuses, and answers null then. */
    @Nullable
    PointFence submitUnlessClosed(Job job, Fence... dependencies) throws InterruptedException {
        try {
            return submit(job, dependencies);
        } catch (IllegalStateException closed) {
            world.note(job + " is refused");
            return null;
        }
    }

    /** Submits if that is possible within a time; null if not. */
    @Nullable
    PointFence submitWithin(Duration time, Job job) throws InterruptedException {
        Job begun = begin(job);
        begun.refused = true;
        try {
            PointFence fence = get().submit(job, time);
            begun.refused = false;
            return accepted(job, fence);
        } catch (IllegalStateException | TimeoutException refused) {
            world.note(job + " is refused");
            return null;
        }
    }

    /** Submits if there is room now and the queue is open; null if not. */
    @Nullable
    PointFence trySubmit(Job job, Fence... dependencies) {
        Job begun = begin(job, dependencies);
        begun.refused = true;
        PointFence fence;
        try {
            fence = get().trySubmitFence(job, dependencies);
        } catch (IllegalStateException closed) {
            fence = null;
        }
        if (fence == null) {
            world.note(job + " is refused");
            return null;
        }
        begun.refused = false;
        return accepted(job, fence);
    }

    /** Asks for a job to be cancelled: if it still waited for something after that, it will not be run. */
    boolean cancel(PointFence fence) {
        boolean asked = get().cancel(fence);
        Job job = own(fence);
        if (asked && job != null) {
            job.cancelledIn = Math.min(job.cancelledIn, device.epoch());
        }
        if (asked && job != null
                && job.dependencies.stream().anyMatch(input -> own(input) == null && !input.isDone())) {
            job.mustNotRun = true;
        }
        return asked;
    }

    /** Kills the queue: what was submitted before is not run after another reset. */
    void kill() {
        Fence _ = get().kill();
        for (Job job : jobs) {
            job.cancelledIn = Math.min(job.cancelledIn, device.epoch());
        }
    }

    /** Adds a job to a batch; {@link #committed} follows if it is. The caller tells the batch of the dependencies. */
    Batch.Member add(Batch batch, Job job, Job... after) {
        Job begun = begin(job);
        begun.after = List.of(after);
        begun.refused = true;
        return batch.add(get(), job);
    }

    void committed(Job job, PointFence fence) {
        job.refused = false;
        PointFence _ = accepted(job, fence);
    }

    // ---- what is checked

    /** At each step. */
    private void check() {
        JobQueue<Job> known = queue;
        if (known == null) {
            return;
        }
        QueueStatus status = known.status();
        long finished = status.finished();
        if (finished < lastFinished || finished > status.issued() || status.issued() > status.claimed()
                || status.claimed() > finished + known.options().capacity()) {
            world.violate(
                    "counters of " + status + " with capacity " + known.options().capacity() + ", after "
                            + lastFinished);
        }
        lastFinished = finished;
    }

    @Override
    public void beforeRun(Job job) {
        if (device.cost() + job.cost > setting.credits()) {
            world.violate("run of " + job + " takes " + device + " beyond " + setting.credits() + " credits");
        }
        stage.drawn(setting.budget(), job);
        if (job.mustNotRun) {
            world.violate("run of " + job + ", which was cancelled before");
        }
        for (Fence dependency : job.dependencies) {
            Job own = own(dependency);
            if (own != null && device.executesInOrder()) {
                if (!own.isSettledOrIn(device.epoch())) {
                    world.violate("run of " + job + " before " + own + ", on which it depends");
                }
                if (setting.failWithDependency() && own.condemned != null) {
                    world.violate("run of " + job + " although " + own + " has failed, on which it depends");
                }
            } else if (isHeldBack(job, dependency)) {
                world.note(job + " is left to wait for " + dependency);
            } else if (!dependency.isDone()) {
                world.violate("run of " + job + " before " + dependency + ", on which it depends");
            } else if (setting.failWithDependency() && dependency.failure() != null) {
                world.violate("run of " + job + " although " + dependency + " has failed: " + dependency.failure());
            }
        }
    }

    /** Whether the device holds a job back until another one, which it has, is complete. */
    private static boolean isHeldBack(Job job, Fence dependency) {
        return job.onDeviceAfter.stream().anyMatch(other -> other.fence == dependency || other.fence == null);
    }

    @Override
    public void beforeCancel(Job job) {
        for (Fence dependency : job.dependencies) {
            Job own = own(dependency);
            boolean earlier =
                    own != null && device.executesInOrder() && own.isSettledOrIn(device.epoch());
            if (!earlier && !dependency.isDone()) {
                world.violate("cancel of " + job + " before " + dependency + ", on which it depends");
            }
        }
    }

    private @Nullable Job own(Fence dependency) {
        for (Job job : jobs) {
            if (job.fence == dependency) {
                return job;
            }
        }
        return null;
    }

    /** Nobody can go on, though all inputs are settled: then everything was handed to the device, and what was closed has ended. */
    void checkQuiet() {
        JobQueue<Job> known = queue;
        boolean closed = known != null && world.peek(known::status).closed();
        if (closed && !device.isClosed()) {
            world.violate("nobody brings " + this + " to its end, which was closed");
        }
        for (Job job : jobs) {
            if (job.accepted && !job.isSettledOrIn(device.epoch()) && known != null) {
                world.violate("nobody hands " + job + " to the device: " + world.peek(known::describe));
            }
        }
    }

    private static boolean hasFailed(Job job) {
        PointFence fence = job.fence;
        return fence != null && fence.outcome() == Outcome.FAILED;
    }

    /** At the end of the schedule. */
    void checkEnd() {
        if (!device.isClosed()) {
            world.violate(device + " was not closed");
        }
        for (Job job : jobs) {
            if (job.refused) {
                if (job.runs + job.cancels + job.retires != 0) {
                    world.violate(job + " was refused, and yet run " + job.runs + " times, cancelled " + job.cancels
                            + " times, retired " + job.retires + " times");
                }
                continue;
            }
            if (setting.retiring() != Stage.Retiring.NOT && job.retires != 1) {
                world.violate(job + " was given back " + job.retires + " times");
            }
            PointFence fence = job.fence;
            if (fence != null) {
                checkEnd(job, fence);
            }
        }
    }

    private void checkEnd(Job job, PointFence fence) {
        Outcome outcome = fence.outcome();
        if (outcome == Outcome.PENDING || job.signals != (job.watched ? 1 : 0)) {
            world.violate(job + " is " + outcome + " and was signalled " + job.signals + " times at the end");
            return;
        }
        if (setting.hangs().domain() == null && job.runs + job.cancels != 1) {
            world.violate(job + " was run " + job.runs + " times and cancelled " + job.cancels + " times");
        }
        for (Job before : job.after) {
            boolean own = jobs.contains(before) && device.executesInOrder();
            if (job.runs == 1 && !own && !job.onDeviceAfter.contains(before) && before.runs == 1
                    && before.completeAt >= job.ranAt) {
                world.violate("run of " + job + " before " + before + ", on which it depends");
            }
        }
        boolean failedInput = setting.failWithDependency()
                && (job.after.stream().anyMatch(StageQueue::hasFailed)
                        || job.dependencies.stream().anyMatch(fenced -> fenced.outcome() == Outcome.FAILED));
        boolean fails = job.cancels == 1 || job.failed || failedInput || job.condemned != null;
        if (device.isLost() || job.unsure || !stage.saysOutcome(job)) {
            return;
        }
        Class<? extends Failure> why = job.condemned;
        if (why != null && !failedInput && !why.isInstance(fence.failure())) {
            world.violate(job + " failed with " + fence.failure() + ", where it should be " + why.getSimpleName());
        }
        if (fails != (outcome == Outcome.FAILED)) {
            Failure failure = fence.failure();
            world.violate(job + " is " + outcome + (failure == null ? "" : ", " + failure.message()) + "; it was run "
                    + job.runs + " times, cancelled " + job.cancels + " times, "
                    + (job.failed ? "failed" : "did not fail") + " on the device"
                    + (failedInput ? ", and something it depends on has failed" : ""));
        }
    }

    @Override
    public String toString() {
        return queue == null ? device + "'s queue" : queue.toString();
    }
}
