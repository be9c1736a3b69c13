package io.ringfence.figures.dependencies;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.figures.devices.AtOnceDriver;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

/** Fences that a job of a queue names, on a device that is done at once. */
final class QueueFanIns implements FanIns {

    private static final Fence[] NONE = {};

    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private final JobQueue<Object> queue = runtime.openQueue(new AtOnceDriver(),
            QueueOptions.named("fan-in").withCapacity(4096).withCredits(1024));

    @Override
    public PointFence pending() {
        FenceIssuer[] issuers = new FenceIssuer[MEMBERS];
        Fence[] fences = new Fence[MEMBERS];
        make(issuers, fences);
        PointFence job = queue.trySubmitFence("job", fences);
        signal(issuers);
        return finished(job);
    }

    @Override
    public PointFence none() {
        FenceIssuer[] issuers = new FenceIssuer[MEMBERS];
        make(issuers, new Fence[MEMBERS]);
        signal(issuers);
        return finished(queue.trySubmitFence("job", NONE));
    }

    private static void make(FenceIssuer[] issuers, Fence[] fences) {
        for (int i = 0; i < issuers.length; i++) {
            issuers[i] = FenceIssuer.create("dependency");
            fences[i] = issuers[i].fence();
        }
    }

    private static void signal(FenceIssuer[] issuers) {
        for (FenceIssuer issuer : issuers) {
            issuer.signal();
        }
    }

    private PointFence finished(PointFence job) {
        if (job == null) {
            throw new IllegalStateException("no room though every job is finished");
        }
        while (!job.isDone()) {
            queue.timeline().poll();
        }
        return job;
    }

    @Override
    public void close() {
        runtime.close();
    }
}
