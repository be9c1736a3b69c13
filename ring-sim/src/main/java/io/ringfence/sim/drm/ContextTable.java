package io.ringfence.sim.drm;

import java.util.HashMap;
import java.util.Map;

import org.agrona.collections.Long2LongHashMap;

import io.ringfence.sim.workload.RecordingBuilder;

import org.jspecify.annotations.Nullable;

/** The contexts of a recording by ring and number, each with its jobs of which not everything is known yet. */
final class ContextTable {

    private static final long NONE = RecordingBuilder.ABSENT;

    private record Key(int ring, long number) {
    }

    /** One context. */
    static final class Entry {
        final int ring;
        /** The builder's number. */
        final int context;
        private final Long2LongHashMap open = new Long2LongHashMap(NONE);
        private final Long2LongHashMap early = new Long2LongHashMap(NONE);

        private Entry(int ring, int context) {
            this.ring = ring;
            this.context = context;
        }
    }

    private final RecordingBuilder builder;
    private final Map<Key, Entry> entries = new HashMap<>();
    private @Nullable Key latest;
    private @Nullable Entry latestEntry;

    ContextTable(RecordingBuilder builder) {
        this.builder = builder;
    }

    /** A context, new or known. */
    Entry of(int ring, long number) {
        // Neighbouring events mostly share their context; this spares them the look-up.
        Key before = latest;
        Entry known = latestEntry;
        if (before != null && known != null && before.ring() == ring && before.number() == number) {
            return known;
        }
        Key key = new Key(ring, number);
        Entry entry = entries.computeIfAbsent(key,
                at -> new Entry(at.ring(), builder.context(at.ring(), Long.toUnsignedString(at.number()))));
        latest = key;
        latestEntry = entry;
        return entry;
    }

    /** A context that is known, or null. */
    @Nullable
    Entry find(int ring, long number) {
        return entries.get(new Key(ring, number));
    }

    /** A job, new or known. */
    int row(Entry entry, long seqno) {
        long known = entry.open.get(seqno);
        if (known != NONE) {
            return (int) known;
        }
        int row = builder.add(entry.context, seqno);
        entry.open.put(seqno, row);
        long done = entry.early.remove(seqno);
        if (done != NONE) {
            builder.done(row, done);
        }
        return row;
    }

    /** A job that is known and not complete, or -1. */
    int findOpen(Entry entry, long seqno) {
        long known = entry.open.get(seqno);
        return known == NONE ? -1 : (int) known;
    }

    /** A job is done. Of one of which nothing is known yet, this is kept until something is. */
    void done(Entry entry, long seqno, long time) {
        long known = entry.open.get(seqno);
        if (known == NONE) {
            entry.early.put(seqno, time);
            return;
        }
        builder.done((int) known, time);
        closeIfComplete(entry, seqno, (int) known);
    }

    /** Forgets the number of a job of which everything is known. */
    void closeIfComplete(Entry entry, long seqno, int row) {
        if (builder.submitTime(row) != NONE && builder.runTime(row) != NONE && builder.doneTime(row) != NONE) {
            long _ = entry.open.remove(seqno);
        }
    }
}
