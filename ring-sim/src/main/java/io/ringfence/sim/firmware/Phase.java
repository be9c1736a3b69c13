package io.ringfence.sim.firmware;

/**
 * How far the command in progress of a ring is. Numbers, for what stores a reference marks a card of the collector's, and a link of a
 * chain changes its phase twice.
 */
final class Phase {

    /** There is none. */
    static final int NONE = 0;
    /** Waits for other rings. */
    static final int WAITS = 1;
    /** Waits for a stamp. */
    static final int WAITS_FOR_STAMP = 2;
    /** Is over at a certain time. */
    static final int DELAYED = 3;
    /** Goes from round to round, each of which is over at a certain time. */
    static final int LOOPS = 4;
    /** Will begin at a certain time, for testing. */
    static final int SLOWED = 5;
    /** Has had its effects, its completion is held back, for testing. */
    static final int HELD_BACK = 6;
    /** Goes on for ever, but can be preempted, for testing. */
    static final int ENDLESS = 7;
    /** Goes on for ever, for testing. */
    static final int HANGS = 8;

    private Phase() {
    }

    /** Whether a command can be left alone here and gone on with later. */
    static boolean isBorder(int phase) {
        return switch (phase) {
            case NONE, WAITS, WAITS_FOR_STAMP, LOOPS, ENDLESS -> true;
            default -> false;
        };
    }
}
