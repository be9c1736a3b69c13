package io.ringfence.sim.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.driver.FailureDomain;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.sim.layout.RequestKind;

/** A device that is stopped and reset as a whole, with all rings that are open. */
public final class DeviceDomain implements FailureDomain {

    private final HostSide host;
    private final Requests requests;
    private final String name;

    /**
     * The domain of a device.
     *
     * @param host     the device
     * @param requests the requests to the whole device
     * @param name     what it is called in messages
     */
    public DeviceDomain(HostSide host, Requests requests, String name) {
        this.host = host;
        this.requests = requests;
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Duration bound() {
        return host.recoveryBound();
    }

    @Override
    public Fence quiesce() {
        return requests.ask(RequestKind.QUIESCE).fence();
    }

    @Override
    public Fence resume() {
        return requests.ask(RequestKind.RESUME).fence();
    }

    /** The device first, which forgets everything; then each ring, which begins anew. */
    @Override
    public Fence reset() {
        FenceIssuer done = FenceIssuer.create("reset of all rings of " + name);
        Fence device = requests.ask(RequestKind.RESET).fence();
        var _ = device.onDone(() -> {
            Failure failure = device.failure();
            if (failure == null) {
                resetRings(done);
            } else {
                boolean _ = done.fail(failure);
            }
        });
        return done.fence();
    }

    private void resetRings(FenceIssuer done) {
        List<Fence> resets = new ArrayList<>();
        for (int ring = 0; ring < host.geometry().rings(); ring++) {
            if (host.port(ring) instanceof RingPort port && port.requests().isRegisteredVolatile()) {
                Fence reset = port.ask(RequestKind.RESET).fence();
                FenceIssuer settled = FenceIssuer.create(reset.toString());
                var _ = reset.onDone(() -> {
                    // A ring that was closed meanwhile has nothing left that could be in the way.
                    Failure failure = port.isClosed() ? null : reset.failure();
                    boolean _ = failure == null ? settled.signal() : settled.fail(failure);
                });
                resets.add(settled.fence());
            }
        }
        Fence all = Fences.allOf(resets);
        var _ = all.onDone(() -> {
            Failure failure = all.failure();
            boolean _ = failure == null ? done.signal() : done.fail(failure);
        });
    }
}
