package io.ringfence.fence;

import java.io.Serial;

/** Thrown by {@link Fence#awaitOk()} when the fence failed, and by those who pass a failure on. */
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
     * For those who pass a failure on: a driver that throws or reports this fails the job for the same reason, and not with this as
     * the cause.
     *
     * @param what    what failed
     * @param failure why
     */
    public FenceFailedException(String what, Failure failure) {
        super(what + " failed: " + failure.message(),
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
