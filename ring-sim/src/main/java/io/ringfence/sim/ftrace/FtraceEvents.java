package io.ringfence.sim.ftrace;

import io.ringfence.sim.drm.DrmEvents;

/** Tells a collector what stands in lines of text. */
final class FtraceEvents {

    /** What became of a line. */
    enum Result {
        TAKEN, UNKNOWN, BROKEN
    }

    private static final long ABSENT = FtraceLine.ABSENT;

    private final DrmEvents events;
    private String missing = "";

    FtraceEvents(DrmEvents events) {
        this.events = events;
    }

    /** What a broken line lacks. */
    String missing() {
        return missing;
    }

    Result take(FtraceLine line) {
        return switch (line.name()) {
            case "amdgpu_cs_ioctl" -> amdgpu(line, false);
            case "amdgpu_sched_run_job" -> amdgpu(line, true);
            case "dma_fence_init" -> fence(line, DrmEvents.FenceEvent.INIT);
            case "dma_fence_emit" -> fence(line, DrmEvents.FenceEvent.EMIT);
            case "dma_fence_signaled" -> fence(line, DrmEvents.FenceEvent.SIGNALED);
            case "drm_sched_job_queue" -> job(line, false);
            case "drm_sched_job_run" -> job(line, true);
            case "drm_sched_job_done" -> done(line);
            case "drm_sched_job_add_dep", "drm_sched_job_unschedulable" -> depends(line);
            case "drm_sched_job" -> oldJob(line, false);
            case "drm_run_job" -> oldJob(line, true);
            case "drm_sched_process_job" -> oldDone(line);
            case "drm_sched_job_wait_dep" -> oldWaits(line);
            case "i915_request_queue" -> request(line, DrmEvents.RequestEvent.QUEUE);
            case "i915_request_submit" -> request(line, DrmEvents.RequestEvent.SUBMIT);
            case "i915_request_in" -> request(line, DrmEvents.RequestEvent.IN);
            case "i915_request_out" -> request(line, DrmEvents.RequestEvent.OUT);
            // Between the two others, and of no consequence.
            case "i915_request_add", "i915_request_execute" -> Result.TAKEN;
            default -> Result.UNKNOWN;
        };
    }

    private Result lacks(String what) {
        missing = what;
        return Result.BROKEN;
    }

    private Result amdgpu(FtraceLine line, boolean run) {
        String timeline = line.text("timeline");
        long context = line.number("context");
        long seqno = line.number("seqno");
        if (timeline.isEmpty()) {
            return lacks("timeline");
        }
        if (context == ABSENT || seqno == ABSENT) {
            return lacks(context == ABSENT ? "context" : "seqno");
        }
        events.amdgpu(run, line.time(), line.comm(), timeline, context, seqno);
        return Result.TAKEN;
    }

    private Result fence(FtraceLine line, DrmEvents.FenceEvent event) {
        String timeline = line.text("timeline");
        long context = line.number("context");
        long seqno = line.number("seqno");
        if (timeline.isEmpty()) {
            return lacks("timeline");
        }
        if (context == ABSENT || seqno == ABSENT) {
            return lacks(context == ABSENT ? "context" : "seqno");
        }
        events.fence(event, line.time(), line.text("driver"), timeline, context, seqno);
        return Result.TAKEN;
    }

    private Result job(FtraceLine line, boolean run) {
        int fence = line.valueOf("fence", line.body());
        long context = line.first(fence);
        long seqno = line.second(fence);
        String ring = line.text("ring");
        if (context == ABSENT || seqno == ABSENT) {
            return lacks("fence=context:seqno");
        }
        if (ring.isEmpty()) {
            return lacks("ring");
        }
        events.job(run, line.time(), line.comm(), line.text("dev"), ring, context, seqno);
        return Result.TAKEN;
    }

    private Result done(FtraceLine line) {
        int fence = line.valueOf("fence", line.body());
        long context = line.first(fence);
        long seqno = line.second(fence);
        if (context == ABSENT || seqno == ABSENT) {
            return lacks("fence=context:seqno");
        }
        events.jobDone(line.time(), context, seqno);
        return Result.TAKEN;
    }

    private Result depends(FtraceLine line) {
        int job = line.valueOf("fence", line.body());
        int other = job < 0 ? -1 : line.valueOf("fence", job);
        long context = line.first(job);
        long seqno = line.second(job);
        long otherContext = line.first(other);
        long otherSeqno = line.second(other);
        if (context == ABSENT || seqno == ABSENT || otherContext == ABSENT || otherSeqno == ABSENT) {
            return lacks("two fences");
        }
        events.jobDepends(context, seqno, otherContext, otherSeqno);
        return Result.TAKEN;
    }

    private Result oldJob(FtraceLine line, boolean run) {
        long entity = line.address("entity");
        long id = line.number("id");
        long fence = line.address("fence");
        String ring = line.text("ring");
        if (entity == ABSENT || fence == ABSENT) {
            return lacks(entity == ABSENT ? "entity" : "fence");
        }
        if (id == ABSENT || ring.isEmpty()) {
            return lacks(id == ABSENT ? "id" : "ring");
        }
        events.oldJob(run, line.time(), line.comm(), ring, entity, id, fence);
        return Result.TAKEN;
    }

    private Result oldDone(FtraceLine line) {
        long fence = line.address("fence");
        if (fence == ABSENT) {
            return lacks("fence");
        }
        events.oldJobDone(line.time(), fence);
        return Result.TAKEN;
    }

    private Result oldWaits(FtraceLine line) {
        long id = line.number("id");
        long context = line.number("context");
        long seqno = line.number("seq");
        String ring = line.text("ring");
        if (id == ABSENT || ring.isEmpty()) {
            return lacks(id == ABSENT ? "id" : "ring");
        }
        if (context == ABSENT || seqno == ABSENT) {
            return lacks(context == ABSENT ? "context" : "seq");
        }
        events.oldJobWaits(ring, id, context, seqno);
        return Result.TAKEN;
    }

    private Result request(FtraceLine line, DrmEvents.RequestEvent event) {
        String ring = line.text("ring");
        String engine = ring.isEmpty() ? line.text("engine") : ring;
        long context = line.number("ctx");
        long seqno = line.number("seqno");
        if (engine.isEmpty()) {
            return lacks("ring");
        }
        if (context == ABSENT || seqno == ABSENT) {
            return lacks(context == ABSENT ? "ctx" : "seqno");
        }
        long completed = line.number("completed?");
        if (event == DrmEvents.RequestEvent.OUT && completed == ABSENT) {
            return lacks("completed?");
        }
        events.request(event, line.time(), line.comm(), engine, context, seqno, completed > 0);
        return Result.TAKEN;
    }
}
