package io.ringfence.scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

import io.ringfence.queue.Batch;
import io.ringfence.queue.Committed;

import org.jspecify.annotations.Nullable;

/**
 * Jobs for several rings of one device that have to run together, because they talk to each other while they run: the kernel's gang
 * submission. They are submitted all or not at all, as a {@link Batch}.
 *
 * <pre>{@code
 * GangSwitch device = GangSwitch.create("gpu0");           // one for each device, kept
 * Gang gang = Gang.create(device);
 * Batch.Member sends = gang.add(copies, sending);
 * Batch.Member receives = gang.add(compute, receiving);    // the last one leads
 * Fence done = gang.commit().fence(receives);
 * }</pre>
 *
 * <p>None is handed to the device before each of them could go but for credits; then the others go, then the one that was added last. Of
 * gangs with the same switch, one at a time does so. That keeps two gangs in one order on all rings; what the jobs do meanwhile is theirs.
 *
 * <p>If one of them never gets to its device, or fails there before the last one was handed over, those that were not handed over are
 * failed as cancelled, saying which one it was, and the driver is asked to give up the others. Once all are on the device they are
 * jobs like others.
 *
 * <p>None of them can wait for another one of them. Where several use the same memory, each waits for those who used it before the
 * gang, and whoever uses it afterwards waits for all; what they do to it at the same time is theirs.
 *
 * <p>Used by one thread, once.
 */
public final class Gang {

    private final GangSwitch device;
    private final Batch batch = Batch.together();
    private final List<Entity<?>> entities = new ArrayList<>();
    private final List<EntityJob<?>> jobs = new ArrayList<>();

    private Gang(GangSwitch device) {
        this.device = device;
    }

    /**
     * Makes an empty gang.
     *
     * @param device the switch of the device whose rings it is for
     * @return a new gang
     */
    public static Gang create(GangSwitch device) {
        return new Gang(Objects.requireNonNull(device, "device"));
    }

    /**
     * Adds a job; the last one added leads.
     *
     * @param entity  where it is submitted; must not share a scheduler with that of another job of the gang
     * @param payload the job
     * @param <P>     the payload of a job
     * @return the job, to which is added what it depends on; a job of the same gang is refused there
     * @throws IllegalArgumentException if both could come to one ring, where they would wait for each other for ever; or if the
     *                                  job costs less than 1 credit or more than its scheduler's limit
     * @throws IllegalStateException    if the gang was submitted
     */
    public <P> Batch.Member add(Entity<P> entity, P payload) {
        for (Entity<?> other : entities) {
            for (SchedulerCore<?> candidate : entity.core().home().candidatesVolatile()) {
                if (other.core().home().candidatesVolatile().contains(candidate)) {
                    throw new IllegalArgumentException(entity + " and " + other
                            + " of one gang: must have no scheduler in common, and both may go to " + candidate);
                }
            }
        }
        EntityJob<P> job = entity.job(payload);
        Batch.Member member = entity.addTo(batch, job);
        entities.add(entity);
        jobs.add(job);
        return member;
    }

    /**
     * Submits all jobs, as {@link Batch#commit()} does: as if in one moment. If anybody submits to one of the entities between
     * two of them, it begins again, and after that keeps others waiting who submit there; so no job ever stands behind one job of a
     * gang and, directly or through others, before another one.
     *
     * @return their fences
     * @throws io.ringfence.queue.QueueClosedException if one of the entities is closed; nothing was submitted
     * @throws InterruptedException                    if the thread is interrupted while it waits; nothing was submitted
     * @throws IllegalStateException                   inside a driver method or a callback, or if the gang is empty or was submitted
     */
    public Committed commit() throws InterruptedException {
        formUp();
        return submitted(batch.commit());
    }

    /**
     * Submits all jobs, as {@link Batch#commit(Duration)} does.
     *
     * @param timeout the longest wait; zero or less only looks
     * @return their fences
     * @throws TimeoutException     if the time was over first; nothing was submitted
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public Committed commit(Duration timeout) throws InterruptedException, TimeoutException {
        formUp();
        return submitted(batch.commit(timeout));
    }

    /**
     * Submits all jobs if that is possible at once, as {@link Batch#tryCommit()} does. Never waits; allowed everywhere.
     *
     * @return their fences; null if there is no room, or others submit to its entities all the time: nothing was submitted then
     * @throws io.ringfence.queue.QueueClosedException if one of the entities is closed; nothing was submitted
     * @throws IllegalStateException                   if the gang is empty or was submitted
     */
    public @Nullable Committed tryCommit() {
        formUp();
        Committed done = batch.tryCommit();
        return done == null ? null : submitted(done);
    }

    /** What was submitted keeps the run it was given; one that could not be submitted is given another. */
    private void formUp() {
        if (!jobs.isEmpty() && batch.size() != 0) {
            GangRun run = new GangRun(device, jobs);
            jobs.forEach(each -> each.gang = run);
        }
    }

    private Committed submitted(Committed done) {
        for (int i = 0; i < entities.size(); i++) {
            var _ = entities.get(i).submitted(done.fences().get(i));
        }
        entities.clear();
        jobs.clear();
        return done;
    }

    @Override
    public String toString() {
        return "gang of " + batch;
    }
}
