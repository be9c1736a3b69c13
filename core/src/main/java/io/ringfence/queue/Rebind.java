package io.ringfence.queue;

/**
 * What has to be done before a {@link LongRunningQueue} that was off the device may run again: the memory that was taken from it has to
 * be resident and bound once more. The kernel's rebind worker.
 */
@FunctionalInterface
public interface Rebind {

    /**
     * Makes the memory resident. Called on the thread that has taken the queue off the device, once for each preemption, and again only
     * if something is being moved by then, or {@link #isBound()} says that it does not hold. What is being moved, as told by fences of
     * {@link io.ringfence.fence.Usage#KERNEL} in the reservations that the queue uses, has been waited for. May wait for anything but
     * the end of its own queue.
     *
     * @throws Exception if that cannot be done: the queue is banned with this as the reason
     */
    void rebind() throws Exception;

    /**
     * Whether what {@link #rebind()} did still holds: a move that began after it and is over by now leaves no fence to be seen. Asked
     * under the locks of all reservations that the queue uses, so that nobody who takes a lock to move memory can be in the way; from
     * then on the queue's new preempt fence is there to be waited for. Must not wait, nor lock.
     *
     * @return false to have {@code rebind} called once more; true unless overridden
     */
    default boolean isBound() {
        return true;
    }
}
