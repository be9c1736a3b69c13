package io.ringfence.sim.drm;

import io.ringfence.sim.workload.Recording;

import org.jspecify.annotations.Nullable;

/**
 * Takes events one after the other and puts jobs together. The first event of a scheduler or driver decides whose events make the
 * jobs; those of others are counted. Times are nanoseconds of one clock; contexts and numbers are taken as they are. One thread's.
 */
public final class DrmEvents {

    /** What happens to a fence. */
    public enum FenceEvent {
        /** It was made. */
        INIT,
        /** It was handed to the hardware. */
        EMIT,
        /** It was signalled. */
        SIGNALED
    }

    /** What happens to a request of i915. */
    public enum RequestEvent {
        /** It was made. */
        QUEUE,
        /** Its dependencies are satisfied. */
        SUBMIT,
        /** It is on the hardware. */
        IN,
        /** It is off the hardware. */
        OUT
    }

    private enum Family {
        FENCES, AMDGPU, SCHEDULER, OLD_SCHEDULER, I915
    }

    private @Nullable Family family;
    private FenceJobs fences = new FenceJobs("dma_fence");
    private @Nullable SchedulerJobs scheduler;
    private @Nullable OldSchedulerJobs oldScheduler;
    private @Nullable I915Requests requests;
    private long others;
    private int place;

    /** Makes a collector that has seen nothing. */
    public DrmEvents() {
    }

    /** Whether events of a family make the jobs; bare fences give way to everything else. */
    private boolean enters(Family one) {
        place++;
        if (family == null || family == Family.FENCES && one != Family.FENCES) {
            family = one;
            if (one == Family.AMDGPU) {
                fences = new FenceJobs("amdgpu");
            }
        }
        if (family != one) {
            others++;
        }
        return family == one;
    }

    /**
     * {@code amdgpu_cs_ioctl}, a job was submitted, or {@code amdgpu_sched_run_job}, it was handed to the device.
     *
     * @param run      whether it was handed over
     * @param time     when
     * @param client   who submitted
     * @param timeline the ring
     * @param context  the fence context
     * @param seqno    its number there
     */
    public void amdgpu(boolean run, long time, String client, String timeline, long context, long seqno) {
        if (enters(Family.AMDGPU)) {
            if (run) {
                fences.run(time, timeline, context, seqno);
            } else {
                fences.submitted(time, client, timeline, context, seqno);
            }
        }
    }

    /**
     * {@code dma_fence_init}, {@code dma_fence_emit} or {@code dma_fence_signaled}.
     *
     * @param event    what happened
     * @param time     when
     * @param driver   whose fence it is
     * @param timeline its timeline
     * @param context  its context
     * @param seqno    its number there
     */
    public void fence(FenceEvent event, long time, String driver, String timeline, long context, long seqno) {
        if (family == null || family == Family.FENCES) {
            if (enters(Family.FENCES)) {
                bareFence(event, time, timeline, context, seqno);
            }
            return;
        }
        place++;
        if (event != FenceEvent.SIGNALED) {
            return;
        }
        if (family == Family.AMDGPU && FenceJobs.isOfScheduler(driver)) {
            fences.signaled(time, timeline, context, seqno);
        }
        if (scheduler != null) {
            scheduler.signaled(time, context, seqno);
        }
        if (oldScheduler != null) {
            oldScheduler.signaled(time, context, seqno);
        }
    }

    private void bareFence(FenceEvent event, long time, String timeline, long context, long seqno) {
        switch (event) {
            case INIT -> fences.submitted(time, "", timeline, context, seqno);
            case EMIT -> fences.run(time, timeline, context, seqno);
            case SIGNALED -> fences.signaled(time, timeline, context, seqno);
        }
    }

    private @Nullable SchedulerJobs scheduler() {
        if (!enters(Family.SCHEDULER)) {
            return null;
        }
        SchedulerJobs known = scheduler;
        if (known == null) {
            known = new SchedulerJobs();
            scheduler = known;
        }
        return known;
    }

    /**
     * {@code drm_sched_job_queue} or {@code drm_sched_job_run}.
     *
     * @param run     whether it was handed to the device
     * @param time    when
     * @param client  who submitted
     * @param device  the device
     * @param ring    the ring
     * @param context the context of its finished fence
     * @param seqno   the number of that fence
     */
    public void job(boolean run, long time, String client, String device, String ring, long context, long seqno) {
        SchedulerJobs jobs = scheduler();
        if (jobs != null) {
            jobs.job(run, time, client, device, ring, context, seqno);
        }
    }

    /**
     * {@code drm_sched_job_done}.
     *
     * @param time    when
     * @param context the context of its finished fence
     * @param seqno   the number of that fence
     */
    public void jobDone(long time, long context, long seqno) {
        SchedulerJobs jobs = scheduler();
        if (jobs != null) {
            jobs.done(time, context, seqno);
        }
    }

    /**
     * {@code drm_sched_job_add_dep} or {@code drm_sched_job_unschedulable}.
     *
     * @param context      the context of the finished fence of the job that waits
     * @param seqno        the number of that fence
     * @param otherContext the context of the fence it waits for
     * @param otherSeqno   the number of that fence
     */
    public void jobDepends(long context, long seqno, long otherContext, long otherSeqno) {
        SchedulerJobs jobs = scheduler();
        if (jobs != null) {
            jobs.depends(context, seqno, otherContext, otherSeqno);
        }
    }

    private @Nullable OldSchedulerJobs oldScheduler() {
        if (!enters(Family.OLD_SCHEDULER)) {
            return null;
        }
        OldSchedulerJobs known = oldScheduler;
        if (known == null) {
            known = new OldSchedulerJobs();
            oldScheduler = known;
        }
        return known;
    }

    /**
     * {@code drm_sched_job} or {@code drm_run_job}.
     *
     * @param run    whether it was handed to the device
     * @param time   when
     * @param client who submitted
     * @param ring   the ring
     * @param entity the entity's address
     * @param id     the job's number on the ring
     * @param fence  the address of its finished fence
     */
    public void oldJob(boolean run, long time, String client, String ring, long entity, long id, long fence) {
        OldSchedulerJobs jobs = oldScheduler();
        if (jobs != null) {
            jobs.job(run, time, client, ring, entity, id, fence);
        }
    }

    /**
     * {@code drm_sched_process_job}.
     *
     * @param time  when
     * @param fence the address of the job's finished fence
     */
    public void oldJobDone(long time, long fence) {
        OldSchedulerJobs jobs = oldScheduler();
        if (jobs != null) {
            jobs.done(time, fence);
        }
    }

    /**
     * {@code drm_sched_job_wait_dep}.
     *
     * @param ring    the ring of the job that waits
     * @param id      its number on the ring
     * @param context the context of the fence it waits for
     * @param seqno   the number of that fence
     */
    public void oldJobWaits(String ring, long id, long context, long seqno) {
        OldSchedulerJobs jobs = oldScheduler();
        if (jobs != null) {
            jobs.waits(ring, id, context, seqno);
        }
    }

    /**
     * {@code i915_request_queue}, {@code _submit}, {@code _in} or {@code _out}.
     *
     * @param event     what happened
     * @param time      when
     * @param client    who did it
     * @param ring      the engine
     * @param context   the context
     * @param seqno     the request's number there
     * @param completed whether it was complete, when it came off the hardware
     */
    public void request(RequestEvent event, long time, String client, String ring, long context, long seqno,
            boolean completed) {
        if (enters(Family.I915)) {
            I915Requests known = requests;
            if (known == null) {
                known = new I915Requests();
                requests = known;
            }
            known.event(event, time, place, client, ring, context, seqno, completed);
        }
    }

    /**
     * Events that were taken or counted.
     *
     * @return how many
     */
    public int count() {
        return place;
    }

    /**
     * Makes the recording.
     *
     * @param warnings what the reader has to say
     * @return the complete jobs, perhaps none
     */
    public Recording recording(Iterable<String> warnings) {
        JobSource source = source();
        warnings.forEach(source.builder()::warn);
        if (others > 0) {
            source.builder().warn("events of other schedulers or drivers: " + others + " (left out)");
        }
        return source.recording();
    }

    private JobSource source() {
        if (scheduler != null) {
            return scheduler;
        }
        if (oldScheduler != null) {
            return oldScheduler;
        }
        return requests != null ? requests : fences;
    }
}
