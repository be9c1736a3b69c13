package io.ringfence.sim.ftrace;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.ringfence.sim.workload.Recording;

/** Traces as text. */
public final class Texts {

    private Texts() {
    }

    public static Recording read(String... lines) throws Exception {
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        return FtraceReader.read(Path.of("trace.txt"), new ByteArrayInputStream(text));
    }

    /** Submitted, run and done by amdgpu, at microseconds. */
    public static String[] amdgpu(long context, long seqno, long submit, long run, long done) {
        String fields = "timeline=gfx, context=" + context + ", seqno=" + seqno;
        return new String[] {
            line("game", submit, "amdgpu_cs_ioctl: sched_job=1, " + fields + ", num_ibs=1"),
            line("gfx", run, "amdgpu_sched_run_job: sched_job=1, " + fields + ", num_ibs=1"),
            line("gfx", run, "dma_fence_signaled: driver=amd_sched, timeline=gfx, context=" + (context - 1)
                    + ", seqno=" + seqno),
            line("<idle>", done, "dma_fence_signaled: driver=amdgpu, timeline=gfx, context=0, seqno=" + seqno),
            line("<idle>", done, "dma_fence_signaled: driver=amd_sched, " + fields)};
    }

    /** One event at microseconds. */
    public static String line(String comm, long micros, String what) {
        return String.format("%16s-%-5d [%03d] %5d.%06d: %s", comm, 77, 1, 100 + micros / 1_000_000,
                micros % 1_000_000, what);
    }

    /** An event of an i915 request. */
    public static String request(long micros, String event, long context, long seqno, String more) {
        return line("Xorg", micros, "i915_request_" + event + ": dev=0, hw_id=1, ring=0, ctx=" + context + ", seqno="
                + seqno + more);
    }
}
