package io.ringfence.sim.drm;

import java.util.Set;

import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingBuilder;

/**
 * Jobs known by timeline, context and number: those of amdgpu, whose end is the signal of the scheduler's fence in the very context
 * that was submitted, and bare fences. The <i>scheduled</i> fence, in the context below, and the hardware's own fence make no job:
 * nothing was submitted there. A context that never tells when a fence was handed over counts from when it was made.
 */
final class FenceJobs implements JobSource {

    private static final Set<String> SCHEDULERS = Set.of("amd_sched", "drm_sched", "gpu_sched");

    private final RecordingBuilder builder;
    private final ContextTable contexts;
    private final boolean bare;

    FenceJobs(String format) {
        builder = new RecordingBuilder(format, false);
        contexts = new ContextTable(builder);
        bare = format.equals("dma_fence");
    }

    static boolean isOfScheduler(String driver) {
        return SCHEDULERS.contains(driver);
    }

    void submitted(long time, String client, String timeline, long context, long seqno) {
        ContextTable.Entry entry = contexts.of(builder.ring(timeline), context);
        builder.client(entry.context, client);
        int row = contexts.row(entry, seqno);
        builder.submitted(row, time, 0);
        contexts.closeIfComplete(entry, seqno, row);
    }

    void run(long time, String timeline, long context, long seqno) {
        ContextTable.Entry entry = contexts.of(builder.ring(timeline), context);
        int row = contexts.row(entry, seqno);
        builder.run(row, time, 0);
        contexts.closeIfComplete(entry, seqno, row);
    }

    void signaled(long time, String timeline, long context, long seqno) {
        contexts.done(contexts.of(builder.ring(timeline), context), seqno, time);
    }

    @Override
    public RecordingBuilder builder() {
        return builder;
    }

    @Override
    public Recording recording() {
        if (bare) {
            runWhereNoneIs();
        }
        return builder.build();
    }

    private void runWhereNoneIs() {
        boolean[] emits = new boolean[builder.rows() == 0 ? 0 : contextCount()];
        for (int row = 0; row < builder.rows(); row++) {
            emits[builder.contextOf(row)] |= builder.runTime(row) != RecordingBuilder.ABSENT;
        }
        for (int row = 0; row < builder.rows(); row++) {
            if (!emits[builder.contextOf(row)] && builder.submitTime(row) != RecordingBuilder.ABSENT) {
                builder.run(row, builder.submitTime(row), 0);
            }
        }
    }

    private int contextCount() {
        int most = 0;
        for (int row = 0; row < builder.rows(); row++) {
            most = Math.max(most, builder.contextOf(row));
        }
        return most + 1;
    }
}
