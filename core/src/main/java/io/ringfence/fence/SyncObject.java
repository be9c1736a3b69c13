package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.StackRoom;

import org.jspecify.annotations.Nullable;

/**
 * A place where fences are put and found, under a name instead of a reference: the kernel's {@code drm_syncobj}, Vulkan's
 * semaphore. It is empty, or holds one fence (binary), or a growing sequence of points (timeline), each with a fence.
 *
 * <p>A point is done when its fence and all points before it are done; it fails if its own fence failed. Point numbers go
 * upwards, with gaps; naming a number in a gap means the next point. Point 0 stands for everything the object holds.
 *
 * <p>This is the only place where one can wait for something that does not exist yet: the {@code await} methods and callbacks
 * may name a point that will be submitted later. {@link #fence(long)}, and with it every job, may not. Fences once found are
 * kept by those who found them: a later {@link #reset()} or {@link #replace} does not change them.
 *
 * <p>All methods may be called by any thread. Those called {@code await} wait and are refused inside a driver method or a
 * callback; the others never do.
 */
public final class SyncObject {

    private static final VarHandle CONTENT;

    static {
        try {
            CONTENT = MethodHandles.lookup().findVarHandle(SyncObject.class, "content", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What a wait waits for. */
    public enum Until {
        /** The point is signalled; it must have been submitted before, else the wait is refused. */
        SIGNALED,
        /** The point is submitted. */
        SUBMITTED,
        /** The point is submitted, be it later, and then signalled. */
        SUBMITTED_AND_SIGNALED
    }

    /**
     * A point of an object.
     *
     * @param object the object
     * @param point  the point, 0 for everything it holds
     */
    public record At(SyncObject object, long point) {
        /** Checks both. */
        public At {
            Objects.requireNonNull(object, "object");
            checkPoint(point, 0);
        }
    }

    private final String name;
    private final SubmitWaiters waiters = new SubmitWaiters();
    /** Null, a {@link Fence}, or a {@link SyncChain}. */
    private volatile @Nullable Object content;

    private SyncObject(String name, @Nullable Fence content) {
        this.name = name;
        this.content = content;
        LiveObjects.add(this);
    }

    /**
     * Makes an empty object.
     *
     * @param name what it is called in messages
     * @return a new object
     */
    public static SyncObject create(String name) {
        return new SyncObject(Objects.requireNonNull(name, "name"), null);
    }

    /**
     * Makes an object that holds a signalled fence.
     *
     * @param name what it is called in messages
     * @return a new object
     */
    public static SyncObject createSignaled(String name) {
        return new SyncObject(Objects.requireNonNull(name, "name"), Fences.signalledAt(System.nanoTime()));
    }

    static void checkPoint(long point, long lowest) {
        if (point < lowest) {
            throw new IllegalArgumentException("point " + point + ": must be " + lowest + " or more");
        }
    }

    /**
     * The object's name.
     *
     * @return the name given when it was made
     */
    public String name() {
        return name;
    }

    SubmitWaiters waiters() {
        return waiters;
    }

    // ---- putting fences in

    /**
     * Puts a fence in place of everything the object holds.
     *
     * @param fence the fence
     */
    public void replace(Fence fence) {
        StackRoom.require(1);
        Objects.requireNonNull(fence, "fence");
        content = fence;
        waiters.submitted(0, _ -> fence);
    }

    /**
     * Adds a point. A single fence that the object held so far comes before it.
     *
     * @param point the point: higher than the last
     * @param fence what the point stands for; may be a point of another object
     * @return the fence of the point, which waits for the points before it too
     * @throws IllegalArgumentException unless the point is 1 or more and higher than the last; nothing is added then
     */
    public Fence add(long point, Fence fence) {
        StackRoom.require(1);
        checkPoint(point, 1);
        Objects.requireNonNull(fence, "fence");
        for (;;) {
            Object known = content;
            SyncChain chain = known instanceof SyncChain present ? present : new SyncChain(name, (Fence) known);
            // Added to a chain that is reset at this moment, the point comes before the reset.
            SyncPoint added = chain.append(point, fence);
            Seam.at(Site.SYNC);
            if (chain == known || CONTENT.compareAndSet(this, known, chain)) {
                waiters.submitted(point, waited -> chain.findSubmitted(waited, added));
                return added;
            }
        }
    }

    /** Puts a signalled fence in place of everything the object holds. */
    public void signal() {
        replace(Fences.signalledAt(System.nanoTime()));
    }

    /**
     * Adds a point that is signalled; it is done when the points before it are.
     *
     * @param point the point: higher than the last
     * @throws IllegalArgumentException unless it is
     */
    public void signal(long point) {
        add(point, Fences.signalledAt(System.nanoTime()));
    }

    /**
     * Adds signalled points to several objects. All are checked before the first is added.
     *
     * @param points the points; 0 stands for {@link #signal()}
     * @throws IllegalArgumentException if there are none, or one is not higher than the last of its object; nothing is added
     *                                  then, unless another thread adds to the same object at the same time
     */
    public static void signal(List<At> points) {
        SyncWaits.checkAny(points);
        Map<SyncObject, Long> last = new LinkedHashMap<>();
        for (At at : points) {
            long before = last.computeIfAbsent(at.object, SyncObject::lastSubmitted);
            if (at.point != 0 && at.point <= before) {
                throw new IllegalArgumentException("point " + at.point + " of " + at.object.name
                        + ": must be higher than " + before + ", the last point submitted");
            }
            last.put(at.object, at.point);
        }
        for (At at : points) {
            if (at.point == 0) {
                at.object.signal();
            } else {
                at.object.signal(at.point);
            }
        }
    }

    /** Empties the object. Who found a fence in it before keeps it; who waits for a point to be submitted goes on waiting. */
    public void reset() {
        content = null;
    }

    /**
     * Puts what stands at a point of another object, or of this one, here.
     *
     * @param point     where to put it: 0 replaces everything, else higher than the last point
     * @param from      the object
     * @param fromPoint the point there
     * @throws NotSubmittedException    if there is no such point yet
     * @throws IllegalArgumentException if {@code point} is not higher than the last
     */
    public void transfer(long point, SyncObject from, long fromPoint) {
        checkPoint(point, 0);
        Fence found = from.fence(fromPoint);
        if (point == 0) {
            replace(found);
        } else {
            add(point, found);
        }
    }

    // ---- finding fences

    /**
     * Whether the object holds nothing.
     *
     * @return true until something is put in, and after a reset
     */
    public boolean isEmpty() {
        return content == null;
    }

    /**
     * The highest point that is done with all before it.
     *
     * @return the point; 0 if none is, and for an object without points
     */
    public long query() {
        return content instanceof SyncChain chain ? chain.query() : 0;
    }

    /**
     * The highest point that was submitted.
     *
     * @return the point; 0 for an object without points
     */
    public long lastSubmitted() {
        return content instanceof SyncChain chain ? chain.last().seqno() : 0;
    }

    /**
     * The fence of everything the object holds.
     *
     * @return the fence
     * @throws NotSubmittedException if the object is empty
     */
    public Fence fence() {
        return fence(0);
    }

    /**
     * The fence of a point.
     *
     * @param point the point, 0 for everything the object holds
     * @return the fence
     * @throws NotSubmittedException if nobody has submitted the point yet
     * @throws IllegalStateException if the point was passed so long ago, and so many have failed since, that its outcome is
     *                               not known any more
     */
    public Fence fence(long point) {
        Fence found = find(point);
        if (found == null) {
            throw new NotSubmittedException(this, point);
        }
        return found;
    }

    /**
     * The fence of a point, if there is one.
     *
     * @param point the point, 0 for everything the object holds
     * @return the fence, or null if nobody has submitted the point yet
     * @throws IllegalStateException as {@link #fence(long)}
     */
    public @Nullable Fence find(long point) {
        checkPoint(point, 0);
        Object known = content;
        if (known instanceof SyncChain chain) {
            return point == 0 ? chain.last() : chain.find(point);
        }
        return point == 0 ? (Fence) known : null;
    }

    /** As {@link #find}, for those who do not ask for the outcome: any signalled fence will do if it is not known any more. */
    @Nullable
    Fence findSubmitted(long point) {
        try {
            return find(point);
        } catch (IllegalStateException outcomeForgotten) {
            return Fences.signalled();
        }
    }

    /**
     * What stands at a point now, for others to keep.
     *
     * @param point the point, 0 for everything the object holds
     * @return a snapshot that later changes of this object do not touch
     * @throws NotSubmittedException if nobody has submitted the point yet
     */
    public SyncFile export(long point) {
        return SyncFile.of(point == 0 ? name : name + ":" + point, fence(point));
    }

    /**
     * Puts a snapshot here.
     *
     * @param point where to put it: 0 replaces everything, else higher than the last point
     * @param file  the snapshot
     * @throws IllegalArgumentException if {@code point} is not higher than the last
     */
    public void restore(long point, SyncFile file) {
        checkPoint(point, 0);
        if (point == 0) {
            replace(file.fence());
        } else {
            add(point, file.fence());
        }
    }

    // ---- waiting, also for what does not exist yet

    /**
     * Waits for a point to be submitted.
     *
     * @param point   the point, 0 for anything
     * @param timeout the longest wait; zero or less only looks
     * @return its fence, or null if the time was over first
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback; also as {@link #fence(long)}
     */
    public @Nullable Fence awaitSubmitted(long point, Duration timeout) throws InterruptedException {
        return SyncWaits.awaitSubmitted(new At(this, point), timeout);
    }

    /**
     * Waits for a point.
     *
     * @param point   the point, 0 for everything the object holds
     * @param until   what to wait for
     * @param timeout the longest wait; zero or less only looks
     * @return the outcome of the point, {@link Outcome#OK} if it is only waited for to be submitted; {@link Outcome#PENDING}
     *         if the time was over first
     * @throws NotSubmittedException if the point is missing and {@code until} does not wait for it
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public Outcome await(long point, Until until, Duration timeout) throws InterruptedException {
        return SyncWaits.await(new At(this, point), until, timeout);
    }

    /**
     * Waits for one of several points.
     *
     * @param points  one or more
     * @param until   what to wait for
     * @param timeout the longest wait; zero or less only looks
     * @return the index of one that came, the lowest if several did; -1 if the time was over first
     * @throws NotSubmittedException    if a point is missing and {@code until} does not wait for it
     * @throws InterruptedException     if the thread is interrupted first
     * @throws IllegalArgumentException if there are no points
     * @throws IllegalStateException    inside a driver method or a callback
     */
    public static int awaitAny(List<At> points, Until until, Duration timeout) throws InterruptedException {
        return SyncWaits.awaitAny(points, until, timeout);
    }

    /**
     * Waits for several points. A fence found under way is kept, whatever happens to its object meanwhile.
     *
     * @param points  one or more
     * @param until   what to wait for
     * @param timeout the longest wait; zero or less only looks
     * @return whether all came
     * @throws NotSubmittedException    if a point is missing and {@code until} does not wait for it
     * @throws InterruptedException     if the thread is interrupted first
     * @throws IllegalArgumentException if there are no points
     * @throws IllegalStateException    inside a driver method or a callback
     */
    public static boolean awaitAll(List<At> points, Until until, Duration timeout) throws InterruptedException {
        return SyncWaits.awaitAll(points, until, timeout);
    }

    /**
     * Calls a callback once when a point is submitted, or is signalled; where the kernel signals an {@code eventfd}. As
     * {@link Fence#onDone(Runnable)} otherwise.
     *
     * @param point    the point, 0 for everything the object holds
     * @param until    what to wait for
     * @param callback what to call
     * @return the way to take it back
     * @throws NotSubmittedException if the point is missing and {@code until} does not wait for it
     */
    public Registration on(long point, Until until, Runnable callback) {
        return SyncWaits.on(new At(this, point), until, callback);
    }

    /** What it holds that is pending, for people; empty if there is nothing. */
    String describePending() {
        StringBuilder text = new StringBuilder();
        Object known = content;
        if (known instanceof SyncChain chain) {
            SyncPoint first = chain.firstUnsignalled();
            if (first != null) {
                text.append("points ").append(first.seqno()).append(" to ").append(chain.last().seqno())
                        .append(" pending, the first stands for ").append(first.leaf());
            }
        } else if (known instanceof Fence fence && !fence.looksDone()) {
            text.append(fence);
        }
        if (!waiters.isEmpty()) {
            text.append(text.isEmpty() ? "" : "; ").append("there are waits for points not submitted yet");
        }
        return text.isEmpty() ? "" : this + ": " + text;
    }

    @Override
    public String toString() {
        return "sync object " + name;
    }
}
