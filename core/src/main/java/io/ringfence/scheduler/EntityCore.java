package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.queue.Client;
import io.ringfence.queue.JobQueue;

import org.jspecify.annotations.Nullable;

/**
 * An entity as its schedulers know it: the jobs that its queue has offered, and who takes them.
 *
 * <p>An entity has one home, or none. Only the compare-and-set from none by who brings news chooses one; the home alone takes jobs and
 * has everything that is marked as the home's, until it gives that up, which it may when all jobs are finished. The handshakes: a job
 * is offered (volatile) or counted as claimed, then {@link #noted} is set and the home told; the home takes {@link #noted} back
 * (volatile), then looks. The home lets go (volatile), then looks once more whether something was submitted.
 *
 * @param <P> the user's payload
 */
final class EntityCore<P> implements Policy.Member {

    private static final AtomicLong IDS = new AtomicLong();

    private static final VarHandle NOTED;
    private static final VarHandle OFFERED;
    private static final VarHandle SORTED;
    private static final VarHandle ABORTS;
    private static final VarHandle RUNTIME;
    private static final VarHandle HANDED = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NOTED = lookup.findVarHandle(EntityCore.class, "noted", boolean.class);
            OFFERED = lookup.findVarHandle(EntityCore.class, "offered", long.class);
            SORTED = lookup.findVarHandle(EntityCore.class, "sorted", long.class);
            ABORTS = lookup.findVarHandle(EntityCore.class, "aborts", EntityJob.class);
            RUNTIME = lookup.findVarHandle(EntityCore.class, "runtime", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long id = IDS.incrementAndGet();
    private final String name;
    private final @Nullable Client client;
    private final @Nullable EntityJob<P>[] jobs;
    private final int mask;
    /** Which job was handed to a device last, of those with the same place in the ring; one that must end first is not told of. */
    private final long[] handed;
    /** Its end on the hardware ring. The home's. */
    private final @Nullable PointFence[] positions;
    private final ScheduledPoints scheduled;
    private final EntityHome<P> home = new EntityHome<>(this);
    private volatile Priority priority;
    private volatile @Nullable Timeline timeline;
    private volatile @Nullable WeakReference<JobQueue<EntityJob<P>>> queue;
    private volatile @Nullable DriverLink link;
    @SuppressWarnings("UnusedVariable") // read and written through NOTED only
    private volatile boolean noted;
    private volatile boolean over;
    /** The next in a list of those that found no place in an inbox; whoever set {@link #noted} writes it. */
    @Nullable
    EntityCore<P> nextMissed;
    /** Why no job of it is given to a device any more, or null. */
    private volatile @Nullable String guilty;
    private volatile int karma;
    private final Hints hints = new Hints();
    /** Entities whose first job comes after one of this entity. */
    private final ConcurrentLinkedQueue<Pipelined.Watch> watches = new ConcurrentLinkedQueue<>();
    /** Jobs that are to be cancelled, the last one first. */
    private volatile @Nullable EntityJob<P> aborts;
    /** Seqnos of jobs that were not offered, of which nobody has been told. */
    private final ConcurrentLinkedQueue<Long> refused = new ConcurrentLinkedQueue<>();

    // By the holder of the issue turn of the entity's queue.
    /** How many jobs were offered. */
    private long offered;
    /** The last seqno that was offered, or will not be. */
    private volatile long sorted;

    // The home's.
    private long taken;
    /** The last seqno that was handed to a device. */
    private volatile long takenSeqno;
    private int inFlight;
    /** Jobs that are to be cancelled and were not looked at. */
    private @Nullable EntityJob<P> aborting;
    /** As how many jobs it counts where it is. */
    private long counted;
    private long runtime;
    private final AverageTime times = new AverageTime();
    private @Nullable Object note;
    /** Where it stands in the heaps of its home. */
    final int[] places = {-1, -1};
    // Written through Standing only.
    long rank;
    long arrival;
    Priority queuedPriority;
    Readiness readiness = Readiness.IDLE;

    @SuppressWarnings("unchecked") // nothing else is put there
    EntityCore(String name, Priority priority, int capacity, @Nullable Client client) {
        this.name = name;
        this.priority = priority;
        this.client = client;
        queuedPriority = priority;
        jobs = (EntityJob<P>[]) new EntityJob<?>[capacity];
        mask = capacity - 1;
        handed = new long[capacity];
        positions = new PointFence[capacity];
        scheduled = new ScheduledPoints(name, capacity);
    }

    /** A set for any thread, with the entities in the order in which they were made. */
    static <P> Set<EntityCore<P>> newSet() {
        return new ConcurrentSkipListSet<>(Comparator.comparingLong(entity -> entity.id));
    }

    // ---- any thread

    @Override
    public String name() {
        return name;
    }

    @Override
    public Priority priority() {
        return priority;
    }

    void priority(Priority changed) {
        priority = changed;
    }

    EntityHome<P> home() {
        return home;
    }

    @Nullable
    SchedulerCore<P> homeVolatile() {
        return home.homeVolatile();
    }

    ScheduledPoints scheduled() {
        return scheduled;
    }

    @Nullable
    String guiltyVolatile() {
        return guilty;
    }

    /** Where it stands, if somebody can use it yet. */
    @Nullable
    EntityStatus statusOpaque(Standing standing) {
        JobQueue<EntityJob<P>> open = queueVolatile();
        return open == null ? null : statusOpaque(standing, open);
    }

    EntityStatus statusOpaque(Standing standing, JobQueue<EntityJob<P>> open) {
        SchedulerCore<P> at = homeVolatile();
        return new EntityStatus(name, priority, scheduled.passedVolatile(), runtimeNanos(), karmaVolatile(),
                at == null ? null : at.options().name(), standing.readiness(), standing.rank(), open.status());
    }

    int karmaVolatile() {
        return karma;
    }

    long takenSeqnoVolatile() {
        return takenSeqno;
    }

    /** Whether a job stands before everything that will be handed over from now on, on the ring of a scheduler. */
    boolean isBeforeOn(SchedulerCore<?> ring, long seqno) {
        // One that was refused is not there, though later ones are. A place that has been taken anew says that the job is finished.
        boolean there = takenSeqno >= seqno && (long) HANDED.getAcquire(handed, (int) seqno & mask) == seqno;
        // The home is read last: it is given up only when nothing of the entity is on its ring.
        return there && home.homeVolatile() == ring;
    }

    /** What stands for a job on the ring of a scheduler whose turn the caller holds, if it is {@linkplain #isBeforeOn there}. */
    @Nullable
    PointFence positionOn(SchedulerCore<?> ring, long seqno) {
        return isBeforeOn(ring, seqno) ? positions[(int) seqno & mask] : null;
    }

    /** Has somebody told when this gets on. Who calls looks once more. */
    void watch(Pipelined.Watch watch, EntityCore<?> waiting) {
        if (watch.lists(waiting)) {
            boolean _ = watches.add(watch);
        }
    }

    /** Something was submitted whose dependencies may not be done. */
    void submitted(long seqno) {
        if (sorted < seqno) {
            wake();
        }
    }

    /** Brings news to the home; chooses one if there is none. */
    void wake() {
        Seam.at(Site.SCHEDULE);
        if (NOTED.compareAndSet(this, false, true)) {
            home.homeOrChoose().arrived(this);
        }
    }

    /** A job of it was found guilty; whether it may go on. Recovery's thread; what that leads to is done by others. */
    boolean blame(int hangLimit, String why) {
        if (priority == Priority.KERNEL) {
            return true;
        }
        Client owner = client;
        if (owner != null) {
            owner.guilty(why);
        }
        int hangs = karma + 1;
        karma = hangs;
        if (hangs <= hangLimit) {
            return true;
        }
        guilty = why;
        JobQueue<EntityJob<P>> open = queueVolatile();
        if (open != null) {
            Fence _ = open.ban(hangs + " of its jobs hung, where " + hangLimit + " are forgiven; the last was " + why);
        }
        return false;
    }

    boolean isOverVolatile() {
        return over;
    }

    // ---- the entity's queue

    void opened(DriverLink opened) {
        link = opened;
    }

    /** Not held from here: one that nobody can use any more is closed. */
    void queue(JobQueue<EntityJob<P>> opened) {
        timeline = opened.timeline();
        queue = new WeakReference<>(opened);
    }

    /** The entity's queue, or null if nobody can use it any more. */
    @Nullable
    JobQueue<EntityJob<P>> queueVolatile() {
        WeakReference<JobQueue<EntityJob<P>>> known = queue;
        return known == null ? null : known.get();
    }

    void offer(long seqno, EntityJob<P> job) {
        job.seqno = seqno;
        job.readied = Seam.nanoTime();
        jobs[(int) offered & mask] = job;
        Seam.at(Site.SCHEDULE);
        // A full fence lies between this and the doorbell.
        OFFERED.setRelease(this, offered + 1);
        SORTED.setRelease(this, seqno);
    }

    /** A job will not be offered, or there is none. */
    void refused(long seqno) {
        try {
            boolean _ = refused.add(seqno);
        } finally {
            sorted = seqno;
            wake();
        }
    }

    void hint(long seqno, long nanoTime) {
        Timeline known = timeline;
        hints.add(seqno, nanoTime, known == null ? 0 : known.signaled());
        wake();
    }

    /** Allocates nothing: whoever gives a gang up must reach all its jobs. */
    void abort(EntityJob<P> job) {
        if (job.aborts()) {
            EntityJob<?> top;
            do {
                top = (EntityJob<?>) ABORTS.getAcquire(this);
                job.nextAbort = cast(top);
                Seam.at(Site.SCHEDULE);
            } while (!ABORTS.compareAndSet(this, top, job));
        }
        wake();
    }

    @SuppressWarnings("unchecked") // only jobs of this entity are aborted here
    private @Nullable EntityJob<P> cast(@Nullable EntityJob<?> job) {
        return (EntityJob<P>) job;
    }

    /** All its jobs are finished, and none will come. */
    void ended() {
        over = true;
        wake();
    }

    // ---- the home

    /** The home has taken it from those that have arrived, and looks at it from now on. */
    void looked() {
        Seam.at(Site.SCHEDULE);
        NOTED.setVolatile(this, false);
    }

    /** The first job that was offered, or null. */
    @Nullable
    EntityJob<P> head() {
        return taken == (long) OFFERED.getVolatile(this) ? null : jobs[(int) taken & mask];
    }

    /** Whether jobs stand behind those that were taken, whether they can run or not. */
    boolean hasJobs() {
        return head() != null || !over && claimed() > sorted;
    }

    private long claimed() {
        Timeline known = timeline;
        return known == null ? 0 : known.claimedVolatile();
    }

    /** Takes the first job off. */
    void take(EntityJob<P> job) {
        jobs[(int) taken & mask] = null;
        taken++;
    }

    /** The first job goes to the device. */
    void goes(EntityJob<P> job, PointFence position) {
        inFlight++;
        positions[(int) job.seqno & mask] = position;
        if (job.pipelined) {
            HANDED.setRelease(handed, (int) job.seqno & mask, job.seqno);
            Seam.at(Site.SCHEDULE);
        }
        takenSeqno = job.seqno;
        hints.pass(job.seqno, position);
    }

    /** Tells the device of a hint that came when jobs were there already. */
    void passHint() {
        hints.passNew(takenSeqno, positions);
    }

    /** A job was handed to a device, or will not be; what stands before it and was refused is passed first. */
    void pass(long seqno, @Nullable Failure why, DeferredList to) {
        for (Long first = refused.peek(); first != null && first < seqno; first = refused.peek()) {
            passRefused(first, to);
        }
        if (why != null) {
            scheduled.failed(seqno, why);
        }
        scheduled.advance(seqno, to);
    }

    /** Passes what was refused and stands before the first job. */
    void passRefused(DeferredList to) {
        long last = sorted;
        Seam.at(Site.SCHEDULE);
        EntityJob<P> head = head();
        long through = head == null ? last : head.seqno - 1;
        for (Long first = refused.peek(); first != null && first <= through; first = refused.peek()) {
            passRefused(first, to);
        }
        // Whatever stands before the first job was taken or refused.
        scheduled.advance(through, to);
    }

    private void passRefused(Long seqno, DeferredList to) {
        var _ = refused.poll();
        scheduled.failed(seqno, new Failure.Cancelled("seqno " + seqno + " of " + this + " was not run"));
        scheduled.advance(seqno, to);
    }

    /** How many more jobs it has than when it was counted last. */
    long countAnew() {
        long now = inFlight + ((long) OFFERED.getVolatile(this) - taken) + Math.max(0, claimed() - sorted);
        long more = now - counted;
        counted = now;
        return more;
    }

    /** As how many jobs it was counted; it counts as none from now on. */
    long uncount() {
        long before = counted;
        counted = 0;
        return before;
    }

    /** Those whose first job came after one of this entity, as far as it has got on. */
    void tellWatches() {
        for (Pipelined.Watch watch = watches.poll(); watch != null; watch = watches.poll()) {
            watch.tell();
        }
    }

    /** A job that is to be cancelled, or null. */
    @Nullable
    EntityJob<P> nextAbort() {
        if (aborting == null && aborts != null) {
            aborting = cast((EntityJob<?>) ABORTS.getAndSet(this, (EntityJob<?>) null));
        }
        EntityJob<P> first = aborting;
        if (first != null) {
            aborting = first.nextAbort;
            first.nextAbort = null;
        }
        return first;
    }

    /** A job has come back from the device. */
    void cameBack(long nanos, boolean ran) {
        inFlight--;
        if (ran) {
            RUNTIME.setOpaque(this, runtime + nanos);
            times.add(nanos);
        }
    }

    int inFlight() {
        return inFlight;
    }

    /** Tells its queue what has become of a job; of this one only, for those before it may be on the device, or be told of later. */
    void tell(EntityJob<P> job, @Nullable Throwable cause) {
        DriverLink told = link;
        if (told == null) {
            throw new IllegalStateException(this + " has no queue");
        }
        if (cause == null) {
            told.completed(job.seqno);
        } else {
            told.failed(job.seqno, cause);
        }
    }

    /** Gives it up, so that whoever brings news chooses a home. */
    void leaveHome() {
        EntityJob<P> head = head();
        if (head != null) {
            // What has to be prepared is the next home's business. The ring of this one has refused it, if it was asked at all.
            head.prepared = false;
            head.preparing = null;
            head.turn = null;
        }
        home.leave();
        if (hasJobs()) {
            wake();
        }
    }

    int headCost() {
        EntityJob<P> head = head();
        return head == null ? 0 : head.cost;
    }

    // ---- what a policy can know

    @Override
    public long submittedNanos() {
        EntityJob<P> head = head();
        // One that cannot run yet stands where it came: it is not chosen before it is offered, and then asked for once more.
        return head == null ? Seam.nanoTime() : head.submitted;
    }

    @Override
    public long readyNanos() {
        EntityJob<P> head = head();
        return head == null ? Seam.nanoTime() : head.readied;
    }

    @Override
    public long runtimeNanos() {
        return (long) RUNTIME.getOpaque(this);
    }

    @Override
    public long meanJobNanos() {
        return times.nanos();
    }

    @Override
    public @Nullable Object note() {
        return note;
    }

    @Override
    public void note(Object noted) {
        note = noted;
    }

    @Override
    public String toString() {
        return "entity " + name;
    }
}
