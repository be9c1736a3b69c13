package io.ringfence.sim.drm;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongBinaryOperator;

import io.ringfence.sim.workload.IntColumn;
import io.ringfence.sim.workload.LongColumn;
import io.ringfence.sim.workload.RecordingBuilder;

/**
 * Fences that jobs wait for, and when fences were signalled. Which are jobs' own is known in the end: those become dependencies, the
 * others moments before which a job was not ready.
 */
final class ExternalFences {

    private record Fence(long context, long seqno) {
    }

    private final IntColumn waiting = new IntColumn();
    private final LongColumn context = new LongColumn();
    private final LongColumn seqno = new LongColumn();
    private final LongColumn signaledContext = new LongColumn();
    private final LongColumn signaledSeqno = new LongColumn();
    private final LongColumn signaledTime = new LongColumn();

    /** A job waits for a fence. */
    void waits(int row, long fenceContext, long fenceSeqno) {
        waiting.add(row);
        context.add(fenceContext);
        seqno.add(fenceSeqno);
    }

    void signaled(long time, long fenceContext, long fenceSeqno) {
        signaledContext.add(fenceContext);
        signaledSeqno.add(fenceSeqno);
        signaledTime.add(time);
    }

    /** Settles what each wait was for; a job of a fence is found by context and number, negative if there is none. */
    void resolve(RecordingBuilder builder, LongBinaryOperator jobOf) {
        Map<Fence, Long> external = new HashMap<>();
        for (int i = 0; i < waiting.size(); i++) {
            int source = (int) jobOf.applyAsLong(context.get(i), seqno.get(i));
            if (source >= 0 && source != waiting.get(i)) {
                builder.depends(waiting.get(i), source);
            } else if (source < 0) {
                external.put(new Fence(context.get(i), seqno.get(i)), RecordingBuilder.ABSENT);
            }
        }
        if (external.isEmpty()) {
            return;
        }
        for (int i = 0; i < signaledTime.size(); i++) {
            long time = signaledTime.get(i);
            external.computeIfPresent(new Fence(signaledContext.get(i), signaledSeqno.get(i)), (_, _) -> time);
        }
        readyBy(builder, external);
    }

    private void readyBy(RecordingBuilder builder, Map<Fence, Long> external) {
        long unknown = 0;
        for (int i = 0; i < waiting.size(); i++) {
            Long time = external.get(new Fence(context.get(i), seqno.get(i)));
            if (time != null && time == RecordingBuilder.ABSENT) {
                unknown++;
            } else if (time != null) {
                builder.ready(waiting.get(i), time, 0);
            }
        }
        if (unknown > 0) {
            builder.warn("waits for fences of which no signal was recorded: " + unknown + " (taken as signalled)");
        }
    }
}
