package io.ringfence.sim.kineto;

import org.jspecify.annotations.Nullable;

/** What the reader does with an event, after its {@code cat}. */
enum EventCategory {

    /** A compute kernel. */
    KERNEL("kernel", KinetoJobKind.KERNEL),

    /** A copy. */
    MEMCPY("gpu_memcpy", KinetoJobKind.MEMCPY),

    /** A fill. */
    MEMSET("gpu_memset", KinetoJobKind.MEMSET),

    /** A call of the CUDA runtime; builds for ROCm list hip calls here too. */
    CUDA_RUNTIME("cuda_runtime", null),

    /** A call of the CUDA driver. */
    CUDA_DRIVER("cuda_driver", null),

    /** A call of the HIP runtime. */
    HIP_RUNTIME("hip_runtime", null),

    /** A synchronisation record. */
    SYNC("cuda_sync", null),

    /** Everything the graph does not need. */
    OTHER("", null);

    private static final EventCategory[] ALL = values();

    private final String label;
    private final @Nullable KinetoJobKind jobKind;

    EventCategory(String label, @Nullable KinetoJobKind jobKind) {
        this.label = label;
        this.jobKind = jobKind;
    }

    /** Returns the category with that label, {@link #OTHER} if there is none. */
    static EventCategory of(char[] text, int offset, int length) {
        for (EventCategory category : ALL) {
            if (TextMatch.equal(category.label, text, offset, length)) {
                return category;
            }
        }
        return OTHER;
    }

    /** Returns the kind of job, or null if events of this category are no jobs. */
    @Nullable
    KinetoJobKind jobKind() {
        return jobKind;
    }

    boolean isCall() {
        return this == CUDA_RUNTIME || this == CUDA_DRIVER || this == HIP_RUNTIME;
    }
}
