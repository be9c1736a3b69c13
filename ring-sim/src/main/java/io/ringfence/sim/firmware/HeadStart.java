package io.ringfence.sim.firmware;

/**
 * Lets hosts that submit one command after the other get ahead. A firmware that follows on the host's heels takes each slot's cache line
 * back while the host writes the neighbours, and both wait for lines instead of working; one that comes later finds many slots at once.
 *
 * <p>Whether that is so is tried out: after rounds that found commands and followed closely on another one, once in a while, the firmware
 * waits for a moment. As long as it then finds several commands it goes on like that; otherwise it tries again ever more rarely, so that
 * a host that waits for each of its commands is hardly ever kept waiting.
 */
final class HeadStart {

    /** Rounds without commands between two with some that follow closely. */
    private static final int CLOSE = 2;
    /** Commands that have to be found after a head start for it to have been worth while. */
    private static final int GAIN = 4;
    /** Rounds that follow closely before the first try, and before the last ones. */
    private static final int SOON = 16;
    private static final int RARELY = 1024;

    private boolean given;
    private int distance = SOON;
    private int left = SOON;

    /**
     * A round found commands.
     *
     * @param completed how many
     * @param empty     how many rounds before it found none
     * @return whether to give a head start before the next
     */
    boolean isDue(int completed, int empty) {
        if (given) {
            if (completed >= GAIN) {
                distance = SOON;
                return true;
            }
            given = false;
            distance = Math.min(RARELY, 2 * distance);
            left = distance;
        } else if (completed > 1 || empty <= CLOSE) {
            given = --left <= 0;
        }
        return given;
    }
}
