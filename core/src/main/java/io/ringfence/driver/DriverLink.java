package io.ringfence.driver;

/** How a driver reaches the queue that uses it. */
public interface DriverLink {

    /**
     * The name of the queue, for messages.
     *
     * @return the name
     */
    String queueName();

    /**
     * The device has made progress that the queue asked for. Any thread, at any time, also after the queue has gone;
     * costs a compare-and-set and at most one unpark, never waits.
     */
    void interrupt();
}
