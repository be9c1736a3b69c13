package io.ringfence.sim.firmware;

/**
 * Lets hosts that submit one command after the other get ahead. A firmware that follows on the host's heels takes each slot's cache line
 * back while the host writes the neighbours, and both wait for lines instead of working; one that comes later finds many slots at once.
 *
 * <p>Whether that is so is tried out: where rounds with commands follow each other, once in a while, the firmware waits for a moment. It
 * goes on like that as long as it then finds many commands, and some more in the round after those: a host that has given a batch and
 * waits for its end gives none. Otherwise it tries again ever more rarely, so that such a host is hardly ever kept waiting.
 */
final class HeadStart {

    /** Commands that have to be found after a head start for it to have been worth while. */
    private static final int GAIN = 16;
    /** Rounds that follow each other before the first try, and before the last ones. */
    private static final int SOON = 16;
    private static final int RARELY = 1024;

    private enum State {
        NONE,
        /** The next round shows whether it was worth while. */
        GIVEN,
        /** It was, and the next round shows whether the host goes on by itself. */
        USED
    }

    private State state = State.NONE;
    private int distance = SOON;
    private int left = SOON;

    /**
     * A round found commands.
     *
     * @param completed how many
     * @param follows   whether the round before it found some too
     * @return whether to give a head start before the next
     */
    boolean isDue(int completed, boolean follows) {
        switch (state) {
            case GIVEN -> {
                if (completed >= GAIN) {
                    state = State.USED;
                } else {
                    inVain();
                }
            }
            case USED -> {
                if (follows) {
                    distance = SOON;
                    state = State.GIVEN;
                } else {
                    inVain();
                }
            }
            case NONE -> {
                if (follows && --left <= 0) {
                    state = State.GIVEN;
                }
            }
        }
        return state == State.GIVEN;
    }

    private void inVain() {
        state = State.NONE;
        distance = Math.min(RARELY, 2 * distance);
        left = distance;
    }
}
