package io.ringfence.figures.peers;

/** What a virtual thread does that nobody interrupts. */
@FunctionalInterface
public interface VirtualTask {

    /** Does it; may wait. */
    void run() throws InterruptedException;

    /** Starts a virtual thread. */
    static Thread start(VirtualTask task) {
        return Thread.startVirtualThread(() -> {
            try {
                task.run();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts here", e);
            }
        });
    }
}
