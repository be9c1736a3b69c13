package io.ringfence.fence;

import java.io.Serial;

/** Thrown by {@link Fence#awaitOk()} when the fence failed. */
public final class FenceFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    FenceFailedException(Fence fence, Failure failure) {
        super(fence + " failed: " + failure.message(),
                failure.root() instanceof Failure.DriverError(Throwable thrown) ? thrown : null);
        this.failure = failure;
    }

    /**
     * Why the fence failed.
     *
     * @return the cause, typed
     */
    public Failure failure() {
        return failure;
    }
}
