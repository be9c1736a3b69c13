package io.ringfence.queue;

import io.ringfence.driver.Driver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/** Of a job that names several things, not all of which the device can wait for perhaps. */
final class ManyNativeWaits extends NativeWaits {

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

    ManyNativeWaits(QueueCore<?> core, int named) {
        this.core = core;
        producers = new QueueCore<?>[named];
        points = new PointFence[named];
        places = new IssueWatch.Place[named];
        taken = new int[Math.min(named, core.maxWaits())];
        epochs = new int[taken.length];
    }

    /** The device can wait for one; before anybody else has this. */
    void add(int index, QueueCore<?> producer, PointFence point) {
        producers[index] = producer;
        points[index] = point;
        places[index] = new IssueWatch.Place(core.issue());
    }

    @Override
    boolean take(JobDependencies job) {
        count = 0;
        for (int i = 0; i < producers.length; i++) {
            if (!job.isPending(i)) {
                continue;
            }
            QueueCore<?> producer = producers[i];
            int handed = producer == null || count == taken.length ? NOT_YET : handedOverIn(producer, seqno(points[i]));
            if (handed != NOT_YET) {
                epochs[count] = handed;
                taken[count++] = i;
            } else if (job.isPending(i)) {
                count = 0;
                return false;
            }
        }
        return true;
    }

    private static long seqno(@Nullable PointFence point) {
        return point == null ? 0 : point.seqno();
    }

    @Override
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

    @Override
    boolean finish(Settlement<?> waiter) {
        boolean any = false;
        for (int i = 0; i < count; i++) {
            QueueCore<?> producer = producers[taken[i]];
            PointFence point = points[taken[i]];
            if (producer != null && point != null && !point.isDone()) {
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
}
