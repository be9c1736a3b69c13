package io.ringfence.fence;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/** A fence as a future of the JDK. */
final class FutureView {

    private FutureView() {
    }

    /**
     * Makes a future that follows a fence until somebody else completes it.
     *
     * @param value what to complete it with if the fence is ok
     */
    static <T extends @Nullable Object> CompletableFuture<T> of(Fence fence, Supplier<? extends T> value) {
        CompletableFuture<T> future = new CompletableFuture<>();
        if (fence.isDone()) {
            complete(future, fence, value);
            return future;
        }
        Registration registration = fence.onDone(() -> complete(future, fence, value), Seam::startVirtual);
        var _ = future.whenComplete((_, _) -> registration.cancel());
        return future;
    }

    private static <T extends @Nullable Object> void complete(CompletableFuture<T> future, Fence fence,
            Supplier<? extends T> value) {
        Failure failed = fence.failure();
        if (failed == null) {
            future.complete(value.get());
        } else {
            future.completeExceptionally(new FenceFailedException(fence, failed));
        }
    }
}
