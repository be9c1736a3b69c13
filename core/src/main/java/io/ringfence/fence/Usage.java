package io.ringfence.fence;

/**
 * What a fence in a {@link Reservation} means for those who come later. Asking for one usage brings the fences of all that are
 * listed before it too.
 */
public enum Usage {
    /** The memory itself is being moved or cleared: everybody waits. */
    KERNEL,
    /** The content is being written: readers and writers wait. */
    WRITE,
    /** The content is being read: writers wait. */
    READ,
    /** The memory is in use, and nobody waits for its content: mappings, preempt fences, explicitly ordered work. */
    BOOKKEEP;

    /**
     * What a job that comes now has to wait for.
     *
     * @param write whether it writes
     * @return {@link #READ} for a writer, which waits for readers and writers; {@link #WRITE} for a reader
     */
    public static Usage waitedForBy(boolean write) {
        return write ? READ : WRITE;
    }

    /**
     * As what the fence of a job is added.
     *
     * @param write whether it writes
     * @return {@link #WRITE} or {@link #READ}
     */
    public static Usage of(boolean write) {
        return write ? WRITE : READ;
    }
}
