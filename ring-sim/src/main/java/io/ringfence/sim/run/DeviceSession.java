package io.ringfence.sim.run;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.SimulatedFirmware;
import io.ringfence.sim.device.Finding;

import org.jspecify.annotations.Nullable;

/**
 * A device, a runtime and the queues of a run, closed together: queues first, then the runtime's threads, then the
 * firmware. Closing may come from a shutdown hook while the run is still submitting.
 */
public final class DeviceSession implements AutoCloseable {

    private final SimulatedFirmware firmware;
    private final RingfenceRuntime runtime;
    private final List<JobQueue<Command>> queues = new ArrayList<>();
    private volatile boolean stopping;
    private final @Nullable SessionWatch watch;

    /**
     * Starts a device and a runtime. A device that is to misbehave is watched, so that what goes wrong can be told.
     *
     * @param options the device's size
     */
    public DeviceSession(FirmwareOptions options) {
        firmware = SimulatedFirmware.start(options);
        runtime = RingfenceRuntime.start();
        watch = options.faults().isEmpty() ? null : new SessionWatch(firmware);
    }

    /**
     * What was found to be wrong with the device.
     *
     * @return the findings, in order; none if the device is not watched
     */
    public List<Finding> findings() {
        return watch == null ? List.of() : watch.findings();
    }

    /**
     * The device.
     *
     * @return the firmware
     */
    public SimulatedFirmware firmware() {
        return firmware;
    }

    /**
     * Opens a queue on a ring of its own.
     *
     * @param options how the queue is set up
     * @return the queue
     */
    public synchronized JobQueue<Command> open(QueueOptions options) {
        JobQueue<Command> queue = runtime.openQueue(firmware.openRing(), options);
        queues.add(queue);
        return queue;
    }

    /**
     * Whether the session is being stopped before its work is done.
     *
     * @return true after {@link #stop()}
     */
    public boolean isStopping() {
        return stopping;
    }

    /** Cancels what has not reached the device, then closes everything. */
    public void stop() {
        stopping = true;
        synchronized (this) {
            queues.forEach(JobQueue::kill);
        }
        close();
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        runtime.close();
        firmware.close();
    }
}
