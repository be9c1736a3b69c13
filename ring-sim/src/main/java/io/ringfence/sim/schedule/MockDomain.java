package io.ringfence.sim.schedule;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.driver.FailureDomain;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;

/** Devices that are reset together, at once. */
public final class MockDomain implements FailureDomain {

    private final List<MockGpu> devices = new ArrayList<>();
    private int resets;

    /** Makes a domain without devices. */
    public MockDomain() {
    }

    synchronized void add(MockGpu device) {
        devices.add(device);
    }

    /**
     * How often it was reset.
     *
     * @return 0 or more
     */
    public synchronized int resets() {
        return resets;
    }

    @Override
    public String name() {
        return "mock";
    }

    @Override
    public Duration bound() {
        return Duration.ofSeconds(1);
    }

    @Override
    public synchronized Fence quiesce() {
        devices.forEach(MockGpu::stop);
        return Fences.signalled();
    }

    @Override
    public synchronized Fence resume() {
        devices.forEach(MockGpu::go);
        return Fences.signalled();
    }

    @Override
    public synchronized Fence reset() {
        resets++;
        devices.forEach(MockGpu::forget);
        devices.forEach(MockGpu::go);
        return Fences.signalled();
    }
}
