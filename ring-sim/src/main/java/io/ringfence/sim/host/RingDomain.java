package io.ringfence.sim.host;

import java.time.Duration;

import io.ringfence.driver.FailureDomain;
import io.ringfence.fence.Fence;
import io.ringfence.sim.layout.RequestKind;

/** One ring that the firmware can stop and reset without touching the others. */
public final class RingDomain implements FailureDomain {

    private final RingPort port;

    /**
     * The domain of a ring.
     *
     * @param port the ring
     */
    public RingDomain(RingPort port) {
        this.port = port;
    }

    @Override
    public String name() {
        return port.toString();
    }

    @Override
    public Duration bound() {
        return port.host().recoveryBound();
    }

    @Override
    public Fence quiesce() {
        return port.ask(RequestKind.QUIESCE).fence();
    }

    @Override
    public Fence resume() {
        return port.ask(RequestKind.RESUME).fence();
    }

    @Override
    public Fence reset() {
        return port.ask(RequestKind.RESET).fence();
    }
}
