package io.ringfence.queue;

import io.ringfence.driver.Driver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;

/** Of a job that names one thing. What is asked at its end stands with the job: nothing here need be touched then. */
final class OneNativeWait extends NativeWaits {

    /** Who signals it. */
    private final QueueCore<?> producer;
    /** A member of a batch has no seqno yet when jobs of the same batch come to name it. */
    private final PointFence point;
    private final IssueWatch.Place place;
    /** In which epoch of its ring it was handed over, if it is left to the device; else {@link #NOT_YET}. */
    private int epoch = NOT_YET;

    OneNativeWait(QueueCore<?> core, QueueCore<?> producer, PointFence point) {
        this.producer = producer;
        this.point = point;
        place = new IssueWatch.Place(core.issue());
    }

    @Override
    boolean take(JobDependencies job) {
        epoch = NOT_YET;
        job.leaveToDevice(null, 0);
        if (!job.isPending(0)) {
            return true;
        }
        long seqno = point.seqno();
        epoch = handedOverIn(producer, seqno);
        if (epoch == NOT_YET) {
            return !job.isPending(0);
        }
        job.leaveToDevice(producer, seqno);
        return true;
    }

    @Override
    void watch(JobDependencies job) {
        long seqno = point.seqno();
        if (job.isPending(0) && !producer.isOnDevice(seqno)) {
            producer.issue().watch(place, seqno);
        }
    }

    /** What is left to the device is finished by what stands with the job. */
    @Override
    boolean finish(Settlement<?> waiter) {
        return false;
    }

    @Override
    public int count() {
        return epoch == NOT_YET ? 0 : 1;
    }

    @Override
    public Driver<?> producer(int index) {
        int _ = checked(index);
        return producer.device();
    }

    @Override
    public long seqno(int index) {
        int _ = checked(index);
        return point.seqno();
    }

    @Override
    public int epoch(int index) {
        int _ = checked(index);
        return epoch;
    }

    @Override
    public Fence fence(int index) {
        int _ = checked(index);
        return point;
    }
}
