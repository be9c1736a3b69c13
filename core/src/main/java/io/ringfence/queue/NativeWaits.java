package io.ringfence.queue;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.timeline.TimelineState;

import org.jspecify.annotations.Nullable;

/**
 * Those dependencies of a job that its device can wait for by itself, because they are jobs of other rings of it. One is left to the
 * device as soon as its producer was handed over, and not before: what stands behind it in the producer's ring could need the
 * credits that the waiting job holds. A producer that never reaches the device is waited for on the host, like everything else.
 *
 * <p>Owned like the job's slot; allocated when it is submitted.
 */
final class NativeWaits implements DeviceWaits {

    private final QueueCore<?> core;
    /** By named fence, who signals it if the device can wait for it. */
    private final @Nullable QueueCore<?>[] producers;
    /** A member of a batch has no seqno yet when jobs of the same batch come to name it. */
    private final @Nullable PointFence[] points;
    private final IssueWatch.@Nullable Place[] places;
    /** Which of the named fences are left to the device. */
    private final int[] taken;
    /** In which epoch of its ring each of those was handed over. */
    private final int[] epochs;
    private int count;
    /** The timeline of what the job waits for, if that is left to the device and the job names nothing else; in place of the arrays. */
    private @Nullable TimelineState only;
    private long onlySeqno;

    private NativeWaits(QueueCore<?> core, int named) {
        this.core = core;
        producers = new QueueCore<?>[named];
        points = new PointFence[named];
        places = new IssueWatch.Place[named];
        taken = new int[Math.min(named, core.maxWaits())];
        epochs = new int[taken.length];
    }

    /**
     * Finds those that the device of a queue can wait for.
     *
     * @param named   what a job names
     * @param pending not null where it has to be waited for
     * @return null if there are none
     */
    static @Nullable NativeWaits of(Fence[] named, @Nullable Object[] pending, QueueCore<?> core) {
        if (core.maxWaits() == 0) {
            return null;
        }
        NativeWaits waits = null;
        for (int i = 0; i < named.length; i++) {
            if (pending[i] != null && named[i] instanceof PointFence point
                    && point.producer() instanceof QueueCore<?> producer && core.canWaitFor(producer)) {
                waits = waits == null ? new NativeWaits(core, named.length) : waits;
                waits.producers[i] = producer;
                waits.points[i] = point;
                waits.places[i] = new IssueWatch.Place(core.issue());
            }
        }
        return waits;
    }

    /**
     * Leaves what is still pending to the device, if that is possible for all of it.
     *
     * @return whether it is, perhaps because nothing is pending; otherwise nothing is left to it
     */
    boolean take(JobDependencies job) {
        count = 0;
        only = null;
        for (int i = 0; i < producers.length; i++) {
            if (!job.isPending(i)) {
                continue;
            }
            QueueCore<?> producer = producers[i];
            // Read first: a reset takes the job off the device before it begins the next epoch.
            int epoch = producer == null ? 0 : producer.epochVolatile();
            boolean handed = producer != null && count < taken.length
                    && producer.isOnDevice(seqno(points[i]));
            if (handed) {
                epochs[count] = epoch;
                taken[count++] = i;
            } else if (job.isPending(i)) {
                count = 0;
                return false;
            }
        }
        QueueCore<?> sole = producers[0];
        if (count == 1 && producers.length == 1 && sole != null) {
            only = sole.timelineState();
            onlySeqno = seqno(points[0]);
        }
        return true;
    }

    /** Whether the job names one thing only, and that is left to the device. */
    boolean isOnly() {
        return only != null;
    }

    /** Of {@linkplain #isOnly the only one}: whether it is signalled. */
    boolean isOnlyDone() {
        TimelineState timeline = only;
        return timeline != null && timeline.signaledAcquire() >= onlySeqno;
    }

    /** Whether neither it nor a later one has failed so far; if it was seen signalled before, it is ok then. */
    boolean isOnlyOk() {
        TimelineState timeline = only;
        return timeline != null && timeline.failures().isOkFrom(onlySeqno);
    }

    private static long seqno(@Nullable PointFence point) {
        return point == null ? 0 : point.seqno();
    }

    /** Has the issue turn told when a producer hands something over. Registered first, looked at once more by the caller. */
    void watch(JobDependencies job) {
        for (int i = 0; i < producers.length; i++) {
            QueueCore<?> producer = producers[i];
            IssueWatch.Place place = places[i];
            long seqno = seqno(points[i]);
            if (producer != null && place != null && job.isPending(i) && !producer.isOnDevice(seqno)) {
                producer.issue().watch(place, seqno);
            }
        }
    }

    /**
     * Has those finish what the device waited for who have completed it, and perhaps not noticed.
     *
     * @param waiter finishes a job of {@link #core}
     * @return whether any does so now, or as soon as the turn of {@code waiter} was left
     */
    boolean finish(Settlement<?> waiter) {
        QueueCore<?> sole = only == null ? null : producers[0];
        if (sole != null) {
            return sole != core && waiter.finishBefore(sole.completion(), onlySeqno);
        }
        boolean any = false;
        for (int i = 0; i < count; i++) {
            QueueCore<?> producer = producers[taken[i]];
            PointFence point = points[taken[i]];
            if (producer != null && producer != core && point != null && !point.isDone()) {
                any |= waiter.finishBefore(producer.completion(), point.seqno());
            }
        }
        return any;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public Driver<?> producer(int index) {
        QueueCore<?> producer = producers[taken[checked(index)]];
        if (producer == null) {
            throw new IllegalStateException("no producer");
        }
        return producer.device();
    }

    @Override
    public long seqno(int index) {
        return seqno(points[taken[checked(index)]]);
    }

    @Override
    public int epoch(int index) {
        return epochs[checked(index)];
    }

    @Override
    public Fence fence(int index) {
        PointFence point = points[taken[checked(index)]];
        if (point == null) {
            throw new IllegalStateException("no fence");
        }
        return point;
    }

    private int checked(int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("wait " + index + ": must be 0 to " + (count - 1));
        }
        return index;
    }
}
