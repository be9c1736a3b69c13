package io.ringfence.sim.perfetto;

import java.util.Map;

/** The names of the fields that matter, by number, as Perfetto's own definitions give them. */
final class FieldNames {

    static final int PACKET = 1;
    /** Of a packet: packets compressed by zlib. */
    static final int COMPRESSED_PACKETS = 50;

    private static final Map<String, Map<Integer, String>> NAMES = Map.of(
            "trace", Map.of(PACKET, "packet"),
            "packet", Map.of(1, "ftrace_events"),
            "ftrace_events", Map.of(2, "event"),
            "event", Map.ofEntries(Map.entry(1, "timestamp"), Map.entry(2, "pid"), Map.entry(411, "drm_sched_job"),
                    Map.entry(412, "drm_run_job"), Map.entry(413, "drm_sched_process_job"),
                    Map.entry(414, "dma_fence_init"), Map.entry(415, "dma_fence_emit"),
                    Map.entry(416, "dma_fence_signaled"), Map.entry(417, "dma_fence_wait_start"),
                    Map.entry(418, "dma_fence_wait_end"), Map.entry(591, "drm_sched_job_add_dep"),
                    Map.entry(592, "drm_sched_job_done"), Map.entry(593, "drm_sched_job_queue"),
                    Map.entry(594, "drm_sched_job_run"), Map.entry(595, "drm_sched_job_unschedulable")));

    private static final Map<Integer, String> OLD_JOB = Map.of(1, "entity", 2, "fence", 4, "id", 6, "name");
    private static final Map<Integer, String> FENCE =
            Map.of(1, "context", 2, "driver", 3, "seqno", 4, "timeline");
    private static final Map<Integer, String> JOB =
            Map.of(1, "name", 4, "dev", 5, "fence_context", 6, "fence_seqno");
    private static final Map<Integer, String> DEPENDENCY =
            Map.of(1, "fence_context", 2, "fence_seqno", 3, "ctx", 4, "seqno");

    private FieldNames() {
    }

    /** The fields of a message by the name of the field that it is. */
    static Map<Integer, String> of(String message) {
        Map<Integer, String> known = NAMES.get(message);
        if (known != null) {
            return known;
        }
        return switch (message) {
            case "drm_sched_job", "drm_run_job" -> OLD_JOB;
            case "drm_sched_process_job" -> Map.of(1, "fence");
            case "dma_fence_init", "dma_fence_emit", "dma_fence_signaled" -> FENCE;
            case "drm_sched_job_queue", "drm_sched_job_run" -> JOB;
            case "drm_sched_job_done", "drm_sched_job_add_dep", "drm_sched_job_unschedulable" -> DEPENDENCY;
            default -> Map.of();
        };
    }

    /** Whether a field of length and bytes is a text, not a message. */
    static boolean isText(String name) {
        return switch (name) {
            case "name", "dev", "driver", "timeline" -> true;
            default -> false;
        };
    }
}
