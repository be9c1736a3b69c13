package io.ringfence.sim.workload;

import org.jspecify.annotations.Nullable;

/** Jobs in the order of their submission, column by column; times are nanoseconds since the first one. */
final class RecordedColumns {

    final int[] context;
    final long[] seqno;
    final long[] submit;
    /** Null if every job was ready when it was submitted. */
    final long @Nullable [] ready;
    final long[] run;
    final long[] done;
    final @Nullable EventPlaces places;

    RecordedColumns(int size, boolean withReady, boolean withPlaces) {
        context = new int[size];
        seqno = new long[size];
        submit = new long[size];
        ready = withReady ? new long[size] : null;
        run = new long[size];
        done = new long[size];
        places = withPlaces ? new EventPlaces(size) : null;
    }

    int size() {
        return context.length;
    }
}
