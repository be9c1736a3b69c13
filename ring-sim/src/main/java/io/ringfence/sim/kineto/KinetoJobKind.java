package io.ringfence.sim.kineto;

/** What a device operation did, after its category in the trace. */
public enum KinetoJobKind {

    /** A compute kernel. */
    KERNEL("kernel"),

    /** A copy between host and device, or within either. */
    MEMCPY("gpu_memcpy"),

    /** A fill of device memory. */
    MEMSET("gpu_memset");

    private final String category;

    KinetoJobKind(String category) {
        this.category = category;
    }

    /**
     * Returns the category under which the trace lists such operations.
     *
     * @return {@code kernel}, {@code gpu_memcpy} or {@code gpu_memset}
     */
    public String category() {
        return category;
    }
}
