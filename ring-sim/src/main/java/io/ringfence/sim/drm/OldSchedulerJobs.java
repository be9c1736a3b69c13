package io.ringfence.sim.drm;

import java.util.HashMap;
import java.util.Map;

import org.agrona.collections.Long2LongHashMap;

import io.ringfence.sim.workload.IndexSort;
import io.ringfence.sim.workload.IntColumn;
import io.ringfence.sim.workload.LongColumn;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingBuilder;

/**
 * Jobs of drm_sched up to Linux 6.16, known by ring and number. Their end names only the address of a fence, and addresses are used
 * again: the job is the last one with that fence that was submitted before.
 */
final class OldSchedulerJobs implements JobSource {

    private static final long NONE = RecordingBuilder.ABSENT;

    private final RecordingBuilder builder = new RecordingBuilder("drm_sched", false);
    private final ContextTable contexts = new ContextTable(builder);
    private final Map<String, Long2LongHashMap> rowsOfRing = new HashMap<>();
    /** For each row. */
    private final LongColumn fenceOf = new LongColumn();
    private final LongColumn doneFence = new LongColumn();
    private final LongColumn doneTime = new LongColumn();
    private final ExternalFences fences = new ExternalFences();

    void job(boolean run, long time, String client, String ring, long entity, long id, long fence) {
        Long2LongHashMap rows = rowsOfRing.computeIfAbsent(ring, _ -> new Long2LongHashMap(NONE));
        long known = rows.get(id);
        int row = (int) known;
        if (known == NONE) {
            row = builder.add(contexts.of(builder.ring(ring), entity).context, id);
            fenceOf.add(fence);
            rows.put(id, row);
        }
        if (run) {
            builder.run(row, time, 0);
        } else {
            builder.client(builder.contextOf(row), client);
            builder.submitted(row, time, 0);
        }
    }

    void done(long time, long fence) {
        doneFence.add(fence);
        doneTime.add(time);
    }

    void waits(String ring, long id, long context, long seqno) {
        Long2LongHashMap rows = rowsOfRing.get(ring);
        long row = rows == null ? NONE : rows.get(id);
        if (row != NONE) {
            fences.waits((int) row, context, seqno);
        }
    }

    void signaled(long time, long context, long seqno) {
        fences.signaled(time, context, seqno);
    }

    @Override
    public RecordingBuilder builder() {
        return builder;
    }

    @Override
    public Recording recording() {
        rowsOfRing.clear();
        matchEnds();
        fences.resolve(builder, (_, _) -> -1);
        return builder.build();
    }

    /** Goes through submissions and ends of each fence in the order of time. */
    private void matchEnds() {
        IntColumn rows = new IntColumn();
        for (int row = 0; row < fenceOf.size(); row++) {
            if (submissionOf(row) != NONE) {
                rows.add(row);
            }
        }
        int[] jobs = IndexSort.sort(rows.size(), (a, b) -> order(fenceOf.get(rows.get(a)), submissionOf(rows.get(a)),
                fenceOf.get(rows.get(b)), submissionOf(rows.get(b))));
        int[] ends = IndexSort.sort(doneTime.size(),
                (a, b) -> order(doneFence.get(a), doneTime.get(a), doneFence.get(b), doneTime.get(b)));
        int next = 0;
        for (int end : ends) {
            long fence = doneFence.get(end);
            long time = doneTime.get(end);
            while (next < jobs.length && order(fenceOf.get(rows.get(jobs[next])), submissionOf(rows.get(jobs[next])),
                    fence, time) <= 0) {
                next++;
            }
            if (next > 0 && fenceOf.get(rows.get(jobs[next - 1])) == fence) {
                builder.done(rows.get(jobs[next - 1]), time);
            }
        }
    }

    private long submissionOf(int row) {
        long submitted = builder.submitTime(row);
        return submitted == NONE ? builder.runTime(row) : submitted;
    }

    private static int order(long fence, long time, long otherFence, long otherTime) {
        int order = Long.compareUnsigned(fence, otherFence);
        return order == 0 ? Long.compare(time, otherTime) : order;
    }
}
