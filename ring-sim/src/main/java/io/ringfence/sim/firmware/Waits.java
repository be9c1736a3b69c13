package io.ringfence.sim.firmware;

import io.ringfence.sim.layout.RingLayout;

import org.jspecify.annotations.Nullable;

/**
 * What the command in progress waits for: points of other rings, copied from shared memory once. A failed one is passed on, and so is
 * one that can never come because its ring was reset or banned.
 */
final class Waits {

    /** How that stands for which a command waits. */
    enum State {
        /** It may still come. */
        PENDING,
        /** It has come. */
        OK,
        /** It has failed, or can never come. */
        FAILED
    }

    private final Board board;
    private final Context waiter;
    /** Of several; a single one stands below. */
    private final int[] rings = new int[RingLayout.MAX_WAITS];
    private final long[] words = new long[RingLayout.MAX_WAITS];
    private int count;
    private int onlyRing;
    private long onlyWord;
    /** The ring of the present wait, if it is the only one and that ring is known: mostly that of the next one, too. */
    private @Nullable Context only;

    Waits(Board board, Context waiter) {
        this.board = board;
        this.waiter = waiter;
    }

    /** Copies the waits of a slot, which stand elsewhere. */
    void take(long offset, int waits) {
        if (waits == 1) {
            takeOnly(ringAt(offset), wordAt(offset));
            return;
        }
        for (int i = 0; i < waits; i++) {
            long wait = offset + (long) i * RingLayout.WAIT_BYTES;
            rings[i] = ringAt(wait);
            words[i] = wordAt(wait);
        }
        count = waits;
        only = null;
    }

    private int ringAt(long wait) {
        return board.memory.intPlain(wait + RingLayout.WAIT_RING_OFFSET);
    }

    private long wordAt(long wait) {
        return board.memory.longPlain(wait + RingLayout.WAIT_WORD_OFFSET);
    }

    /** There is one. */
    void takeOnly(int ring, long word) {
        count = 1;
        onlyRing = ring;
        onlyWord = word;
        Context producer = only;
        if (producer == null || !producer.isStill(ring)) {
            producer = find(ring);
            only = producer;
        }
        if (producer != null) {
            producer.follower(waiter);
        }
    }

    private @Nullable Context find(int ring) {
        Context producer = ring == waiter.ring() ? null : board.context(ring);
        return producer == null || producer.isLongRunning() ? null : producer;
    }

    State look() {
        Context producer = only;
        return producer != null && producer.isIn(RingLayout.epoch(onlyWord))
                ? producer.stateOf(RingLayout.seqno(onlyWord)) : lookAtAll();
    }

    private State lookAtAll() {
        if (count == 1) {
            return look(onlyRing, onlyWord);
        }
        State all = State.OK;
        for (int i = 0; i < count; i++) {
            State one = look(rings[i], words[i]);
            if (one == State.FAILED) {
                return State.FAILED;
            }
            if (one == State.PENDING) {
                all = State.PENDING;
            }
        }
        return all;
    }

    private State look(int ring, long word) {
        if (ring < 0 || ring >= board.contexts.length || ring == waiter.ring()) {
            return State.FAILED;
        }
        Context producer = board.contexts[ring];
        int epoch = RingLayout.epoch(word);
        if (producer != null && producer.epoch() == epoch) {
            return producer.isLongRunning() ? State.FAILED : producer.stateOf(RingLayout.seqno(word));
        }
        if (board.isLetGo(ring, epoch)) {
            // A ring is closed when all its jobs are finished; the host knows how. The firmware may never have known the ring.
            return State.OK;
        }
        // Of an epoch to come the firmware has not been told yet; one that is over without having been closed was reset.
        if (producer == null || !isAfter(producer.epoch(), epoch)) {
            return State.PENDING;
        }
        return producer.isLongRunning() ? State.FAILED : producer.stateOfFormer(epoch, RingLayout.seqno(word));
    }

    /** In the order of epochs, which begin again at 1. */
    static boolean isAfter(int one, int other) {
        return (short) (one - other) > 0;
    }

    /** Keeps no ring any longer. */
    void forget() {
        only = null;
    }

    /** Has the other rings tell when they get on. */
    void register() {
        for (int i = 0; i < count; i++) {
            Context producer = board.context(count == 1 ? onlyRing : rings[i]);
            if (producer != null) {
                producer.addWaiter(waiter);
            }
        }
    }
}
