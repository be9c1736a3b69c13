package io.ringfence.internal.timeline;

import org.jspecify.annotations.Nullable;

/**
 * The failures of a timeline: an append-only list in seqno order, linked forwards, so that nodes nobody can ask for any
 * more are garbage.
 *
 * <p>Writer: the completion turn only, before the timeline's counter passes the seqno. Readers: any thread, beginning
 * at a node it got from {@link #tail()} before the seqno was claimed, and after it has seen the counter pass the seqno.
 */
public final class FailureLog {

    /** One cause for a range of consecutive seqnos. */
    public static final class Node {
        private long from;
        private volatile long to;
        private @Nullable Object cause;
        private volatile @Nullable Node next;

        private Node() {
        }
    }

    private volatile Node tail = new Node();
    /** Allocated ahead, so that recording a failure needs no memory. */
    private @Nullable Node spare = new Node();

    /** Makes an empty log. */
    public FailureLog() {
    }

    /**
     * Where a reader begins that will ask for seqnos not claimed yet.
     *
     * @return the newest node
     */
    public Node tail() {
        return tail;
    }

    /**
     * Records a failure; the writer only. Allocates nothing but the next spare node.
     *
     * @param seqno the seqno that failed, higher than all recorded before
     * @param cause why; a range grows if it is the same object as that of the seqno before
     */
    public void append(long seqno, Object cause) {
        Node last = tail;
        if (last.cause == cause && last.to == seqno - 1) {
            last.to = seqno;
            return;
        }
        Node node = spare == null ? new Node() : spare;
        spare = null;
        node.from = seqno;
        node.to = seqno;
        node.cause = cause;
        last.next = node;
        tail = node;
        try {
            spare = new Node();
        } catch (OutOfMemoryError e) {
            // The next failure asks again.
            spare = null;
        }
    }

    /**
     * Whether no failure was recorded from a seqno on. Any thread; of one that was seen signalled before, it tells that it is ok.
     *
     * @param seqno the seqno
     * @return false if it or a later one has failed
     */
    public boolean isOkFrom(long seqno) {
        return tail.to < seqno;
    }

    /**
     * Looks a seqno up.
     *
     * @param pin   a node that was the tail before the seqno was claimed
     * @param seqno the seqno
     * @return why it failed, or null if no failure of it has been recorded
     */
    public static @Nullable Object find(Node pin, long seqno) {
        for (Node node = pin; node != null && node.from <= seqno; node = node.next) {
            if (node.cause != null && seqno <= node.to) {
                return node.cause;
            }
        }
        return null;
    }

    /**
     * The last node whose range begins at a seqno or before: where a reader goes on for higher seqnos.
     *
     * @param pin   a node that was the tail before the seqno was claimed
     * @param seqno a seqno the reader has asked for
     * @return a node that still serves for this seqno and all later ones
     */
    public static Node forward(Node pin, long seqno) {
        Node node = pin;
        for (Node next = node.next; next != null && next.from <= seqno; next = node.next) {
            node = next;
        }
        return node;
    }
}
