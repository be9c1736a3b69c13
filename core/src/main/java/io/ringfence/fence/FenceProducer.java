package io.ringfence.fence;

/**
 * What the issuer of a fence can learn about those who wait for it, so that it need not do anything as long as nobody
 * does. The kernel's {@code enable_signaling} and {@code set_deadline}.
 *
 * <p>Both methods are called on the thread that waits or submits, as a callback is: they must not park, they may signal the
 * fence. What they throw is reported to the thread's uncaught exception handler. They are called for a pending fence
 * only, though it may be signalled at the same time.
 */
public interface FenceProducer {

    /**
     * Somebody waits: the fence must be signalled from now on without being asked. Called at most once per fence; a job
     * that names the fence calls it when it is submitted.
     */
    void enableSignalling();

    /**
     * Somebody would like the fence to be signalled by a certain moment. Advisory. Called only with moments that are
     * earlier than all before.
     *
     * @param nanoTime the moment, on the scale of {@link System#nanoTime()}
     */
    default void hintDeadline(long nanoTime) {
    }
}
