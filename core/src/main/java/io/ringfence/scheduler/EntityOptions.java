package io.ringfence.scheduler;

import java.util.Objects;

import io.ringfence.queue.QueueOptions;

/**
 * How an entity is set up. Immutable; each {@code with} method gives a copy.
 *
 * @param queue    how its queue is set up; credits, budget and timeout of it do not count
 * @param priority how urgent it is
 */
public record EntityOptions(QueueOptions queue, Priority priority) {

    /** Checks. */
    public EntityOptions {
        Objects.requireNonNull(queue, "queue");
        Objects.requireNonNull(priority, "priority");
    }

    /**
     * Normal priority, and a queue as usual.
     *
     * @param name what the entity is called in messages
     * @return the options
     */
    public static EntityOptions named(String name) {
        return new EntityOptions(QueueOptions.named(name), Priority.NORMAL);
    }

    /**
     * With another priority.
     *
     * @param urgency the priority
     * @return a copy
     */
    public EntityOptions withPriority(Priority urgency) {
        return new EntityOptions(queue, urgency);
    }

    /**
     * With room for another number of jobs.
     *
     * @param jobs as {@link QueueOptions#withCapacity}
     * @return a copy
     */
    public EntityOptions withCapacity(int jobs) {
        return new EntityOptions(queue.withCredits(1).withCapacity(jobs), priority);
    }
}
