package io.ringfence.fence;

/** Something that runs on a device until it is asked to leave: a queue of long-running jobs. */
public interface Preemptible {

    /**
     * Asks it to leave the device. Called once for each preempt fence, on a thread of its own, after
     * {@link #nanosToRun()} has passed; may wait, but the answer may also come later from elsewhere.
     *
     * @param left to be signalled when the device is left, or failed if it cannot be
     */
    void suspend(FenceIssuer left);

    /**
     * How long it should be left alone yet, because it was let run only a moment ago. Without that, two who need the same
     * memory would push each other off the device and neither would get on.
     *
     * @return nanoseconds, zero or less if it may be asked at once
     */
    default long nanosToRun() {
        return 0;
    }

    /**
     * Called once after the preempt fence was signalled, whatever its outcome: the time to have what was moved bound again and to
     * resume. On the same thread; may wait.
     */
    default void suspended() {
    }
}
