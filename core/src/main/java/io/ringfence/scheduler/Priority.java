package io.ringfence.scheduler;

/** How urgent an entity is, the most urgent first: the kernel's {@code drm_sched_priority}. */
public enum Priority {
    /** For the system's own jobs, such as moving memory: never found guilty. */
    KERNEL,
    /** Before all users' jobs that need not be. */
    HIGH,
    /** What everybody has. */
    NORMAL,
    /** For what can wait. */
    LOW;

    private static final Priority[] ALL = values();

    /** The priority with a number, 0 for the most urgent. */
    static Priority of(int number) {
        return ALL[number];
    }

    /** Its number, 0 for the most urgent. */
    int number() {
        return switch (this) {
            case KERNEL -> 0;
            case HIGH -> 1;
            case NORMAL -> 2;
            case LOW -> 3;
        };
    }

    /**
     * Whether this is more urgent than another.
     *
     * @param other the other
     * @return false also if they are the same
     */
    public boolean isBefore(Priority other) {
        return number() < other.number();
    }
}
