package io.ringfence.sim.drm;

import io.ringfence.sim.workload.IndexSort;
import io.ringfence.sim.workload.LongColumn;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingBuilder;

/**
 * Requests of i915, known by engine, context and number. One is submitted when it is queued, ready when its dependencies are
 * satisfied, begins with its first coming onto the hardware, however often it is preempted, and is done when it comes off complete; if
 * it has no such event of its own, because it was merged with later ones of its context, with the next one that has.
 */
final class I915Requests implements JobSource {

    private static final long NONE = RecordingBuilder.ABSENT;

    private final RecordingBuilder builder = new RecordingBuilder("i915", true);
    private final ContextTable contexts = new ContextTable(builder);
    /** For each row, when it came off the hardware complete. */
    private final LongColumn out = new LongColumn();
    private long incompleteOuts;

    void event(DrmEvents.RequestEvent event, long time, int place, String client, String ring, long context,
            long seqno, boolean completed) {
        ContextTable.Entry entry = contexts.of(builder.ring(ring), context);
        int row = contexts.row(entry, seqno);
        if (row == out.size()) {
            out.add(NONE);
        }
        switch (event) {
            case QUEUE -> {
                builder.client(entry.context, client);
                builder.submitted(row, time, place);
            }
            case SUBMIT -> builder.ready(row, time, place);
            case IN -> builder.run(row, time, place);
            case OUT -> {
                if (completed) {
                    out.set(row, time);
                } else {
                    incompleteOuts++;
                }
            }
        }
    }

    @Override
    public RecordingBuilder builder() {
        return builder;
    }

    @Override
    public Recording recording() {
        int[] order = IndexSort.sort(builder.rows(), (a, b) -> {
            int byContext = Integer.compare(builder.contextOf(a), builder.contextOf(b));
            int byStart = byContext != 0 ? byContext : Long.compare(builder.runTime(a), builder.runTime(b));
            return byStart != 0 ? byStart : Integer.compare(builder.runPlace(a), builder.runPlace(b));
        });
        long merged = 0;
        long next = NONE;
        for (int i = order.length - 1; i >= 0; i--) {
            int row = order[i];
            if (i + 1 < order.length && builder.contextOf(row) != builder.contextOf(order[i + 1])) {
                next = NONE;
            }
            boolean own = out.get(row) != NONE;
            next = own ? out.get(row) : next;
            if (next != NONE && builder.runTime(row) != NONE) {
                builder.done(row, next);
                merged += own ? 0 : 1;
            }
        }
        if (merged > 0) {
            builder.warn("requests without an end of their own: " + merged + " (done with the next of their context)");
        }
        if (incompleteOuts > 0) {
            builder.warn("requests preempted: " + incompleteOuts + " (the first start counts)");
        }
        return builder.build();
    }
}
