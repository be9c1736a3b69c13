package io.ringfence.figures.fences;

import java.util.concurrent.CompletableFuture;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.figures.devices.ObedientQueue;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One of each kind that is done, and one that is not. */
@State(Scope.Benchmark)
public class SettledAndPending {

    private ObedientQueue queue;
    private FenceIssuer pendingIssuer;

    Fence fenceDone;
    Fence fencePending;
    Fence pointDone;
    Fence pointPending;
    CompletableFuture<Void> futureDone;
    CompletableFuture<Void> futurePending;

    @Setup(Level.Trial)
    public void prepare() throws InterruptedException {
        FenceIssuer doneIssuer = FenceIssuer.create("done");
        doneIssuer.signal();
        fenceDone = doneIssuer.fence();
        pendingIssuer = FenceIssuer.create("pending");
        fencePending = pendingIssuer.fence();
        queue = new ObedientQueue(64);
        pointDone = queue.submit();
        queue.complete();
        pointPending = queue.submit();
        futureDone = new CompletableFuture<>();
        futureDone.complete(null);
        futurePending = new CompletableFuture<>();
    }

    @TearDown(Level.Trial)
    public void release() {
        queue.close();
        pendingIssuer.signal();
    }
}
