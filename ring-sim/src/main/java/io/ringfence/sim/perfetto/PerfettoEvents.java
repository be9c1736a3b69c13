package io.ringfence.sim.perfetto;

import java.util.Map;
import java.util.Set;

import io.ringfence.sim.drm.DrmEvents;

import org.jspecify.annotations.Nullable;

/** Tells a collector what an ftrace event of a Perfetto trace says. */
final class PerfettoEvents {

    /** Stands for a number that is not there. */
    static final long ABSENT = Long.MIN_VALUE;

    private static final Set<String> KNOWN = Set.of("drm_sched_job", "drm_run_job", "drm_sched_process_job",
            "drm_sched_job_queue", "drm_sched_job_run", "drm_sched_job_done", "drm_sched_job_add_dep",
            "drm_sched_job_unschedulable", "dma_fence_init", "dma_fence_emit", "dma_fence_signaled");

    private PerfettoEvents() {
    }

    static boolean knows(String name) {
        return KNOWN.contains(name);
    }

    /** Tells of an event; answers what it lacks, or null. */
    static @Nullable String tell(DrmEvents events, String name, long time, long pid, Map<String, Long> numbers,
            Map<String, String> texts) {
        String[] needed = needed(name);
        long[] values = new long[needed.length];
        for (int i = 0; i < needed.length; i++) {
            Long value = numbers.get(needed[i]);
            if (value == null) {
                return needed[i];
            }
            values[i] = value;
        }
        String ring = texts.getOrDefault(name.startsWith("dma_fence") ? "timeline" : "name", "");
        if (ring.isEmpty() && needsRing(name)) {
            return name.startsWith("dma_fence") ? "timeline" : "name";
        }
        String client = "pid " + pid;
        switch (name) {
            case "drm_sched_job" -> events.oldJob(false, time, client, ring, values[0], values[1], values[2]);
            case "drm_run_job" -> events.oldJob(true, time, client, ring, values[0], values[1], values[2]);
            case "drm_sched_process_job" -> events.oldJobDone(time, values[0]);
            case "drm_sched_job_queue" ->
                    events.job(false, time, client, texts.getOrDefault("dev", ""), ring, values[0], values[1]);
            case "drm_sched_job_run" ->
                    events.job(true, time, client, texts.getOrDefault("dev", ""), ring, values[0], values[1]);
            case "drm_sched_job_done" -> events.jobDone(time, values[0], values[1]);
            case "drm_sched_job_add_dep", "drm_sched_job_unschedulable" ->
                    events.jobDepends(values[0], values[1], values[2], values[3]);
            default -> events.fence(fenceEvent(name), time, texts.getOrDefault("driver", ""), ring, values[0],
                    values[1]);
        }
        return null;
    }

    private static boolean needsRing(String name) {
        return switch (name) {
            case "drm_sched_process_job", "drm_sched_job_done", "drm_sched_job_add_dep",
                    "drm_sched_job_unschedulable" -> false;
            default -> true;
        };
    }

    private static String[] needed(String name) {
        return switch (name) {
            case "drm_sched_job", "drm_run_job" -> new String[] {"entity", "id", "fence"};
            case "drm_sched_process_job" -> new String[] {"fence"};
            case "drm_sched_job_queue", "drm_sched_job_run", "drm_sched_job_done" ->
                    new String[] {"fence_context", "fence_seqno"};
            case "drm_sched_job_add_dep", "drm_sched_job_unschedulable" ->
                    new String[] {"fence_context", "fence_seqno", "ctx", "seqno"};
            default -> new String[] {"context", "seqno"};
        };
    }

    private static DrmEvents.FenceEvent fenceEvent(String name) {
        return switch (name) {
            case "dma_fence_init" -> DrmEvents.FenceEvent.INIT;
            case "dma_fence_emit" -> DrmEvents.FenceEvent.EMIT;
            default -> DrmEvents.FenceEvent.SIGNALED;
        };
    }
}
