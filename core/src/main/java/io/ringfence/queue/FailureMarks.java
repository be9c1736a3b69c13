package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Per slot the seqno of the last job that failed there before it was signalled: dependencies inside the queue look it up, and other
 * queues who want to know whether a job has reached the device. The issue turn writes.
 */
final class FailureMarks {

    private static final VarHandle MARKS = MethodHandles.arrayElementVarHandle(long[].class);

    private final Workings<?> parts;
    private long @Nullable [] marks;

    FailureMarks(Workings<?> parts) {
        this.parts = parts;
    }

    void add(long seqno) {
        long[] known = marks;
        if (known == null) {
            known = parts.failureMarks();
            marks = known;
        }
        // Other queues look whether a job that was passed has reached the device: who sees this of a later lap sees that the job
        // is finished.
        MARKS.setRelease(known, (int) seqno & (known.length - 1), seqno);
    }

    /** The writer. */
    boolean isMarkedPlain(long seqno) {
        long[] known = marks;
        return known != null && known[(int) seqno & (known.length - 1)] == seqno;
    }

    /** Any thread. */
    boolean isMarkedAcquire(long seqno) {
        long[] known = parts.failureMarksOrNull();
        return known != null && (long) MARKS.getAcquire(known, (int) seqno & (known.length - 1)) == seqno;
    }
}
