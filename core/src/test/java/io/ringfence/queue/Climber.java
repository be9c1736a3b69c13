package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

/** Goes down to the end of a stack and tries something on the way up, until it finds room. */
final class Climber {
    private static final int STACK = 200 * 1024;

    private final Runnable body;
    private int refusals;

    private Climber(Runnable body) {
        this.body = body;
    }

    @SuppressWarnings("InfiniteRecursion") // to the end of the stack
    private boolean climb() {
        try {
            if (climb()) {
                return true;
            }
        } catch (StackOverflowError bottom) {
            refusals++;
        }
        try {
            body.run();
            return true;
        } catch (StackOverflowError noRoom) {
            refusals++;
            return false;
        }
    }

    /** Returns how often there was no room. */
    static int run(Runnable body) throws InterruptedException {
        Climber climber = new Climber(body);
        Thread thread = new Thread(null, climber::climb, "climber", STACK);
        thread.start();
        thread.join();
        assertThat(climber.refusals).isPositive();
        return climber.refusals;
    }
}
