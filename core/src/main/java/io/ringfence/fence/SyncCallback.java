package io.ringfence.fence;

/** A callback that waits for a point of a sync object. */
final class SyncCallback implements Registration {

    private final SyncWait wait;
    private final Registration callback;

    SyncCallback(SyncWait wait, Registration callback) {
        this.wait = wait;
        this.callback = callback;
    }

    @Override
    public boolean cancel() {
        boolean inTime = callback.cancel();
        if (inTime) {
            wait.cancel();
        }
        return inTime;
    }

    @Override
    public boolean cancelAndAwait() throws InterruptedException {
        boolean inTime = callback.cancelAndAwait();
        if (inTime) {
            wait.cancel();
        }
        return inTime;
    }

    @Override
    public String toString() {
        return callback.toString();
    }
}
