package io.ringfence.queue;

import io.ringfence.fence.Failure;

import org.jspecify.annotations.Nullable;

/** Per slot the last request to cancel a job there. The issue turn's; allocated by the first who asks. */
final class CancelMarks {

    private final Workings<?> parts;
    private CancelRequests.@Nullable Request @Nullable [] marks;

    CancelMarks(Workings<?> parts) {
        this.parts = parts;
    }

    void add(CancelRequests.Request request) {
        if (marks == null) {
            marks = parts.cancelMarks();
        }
        int slot = (int) request.seqno & (marks.length - 1);
        CancelRequests.Request known = marks[slot];
        // Requests come in no order: one for a job that has long been finished must not hide one for a job that is in the slot now.
        if (known == null || known.seqno <= request.seqno) {
            marks[slot] = request;
        }
    }

    /** Why a job is not to be run, or null. */
    @Nullable
    Failure of(long seqno) {
        if (marks == null) {
            return null;
        }
        CancelRequests.Request request = marks[(int) seqno & (marks.length - 1)];
        return request != null && request.seqno == seqno ? request.why : null;
    }
}
