package io.ringfence.sim;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.firmware.DoorbellIdle;
import io.ringfence.sim.firmware.FirmwareAgent;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;
import io.ringfence.sim.virtual.FirmwareHost;

import org.agrona.concurrent.AgentRunner;
import org.jspecify.annotations.Nullable;

/**
 * A device in this process: rings in off-heap memory and firmware that polls them on a thread of its own, executes
 * commands in the order of each ring, and sleeps when nothing has come for a while. All methods may be called by any
 * thread.
 */
public final class SimulatedFirmware implements AutoCloseable {

    private final FirmwareOptions options;
    private final SharedMemory memory;
    private final DeviceMemory deviceMemory;
    private final AtomicReferenceArray<Runnable> interrupts;
    private final FirmwareAgent agent;
    private final DoorbellIdle idle;
    private final @Nullable FirmwareHost world;
    private final @Nullable AgentRunner runner;
    private final @Nullable Thread thread;
    /** Rings that are in use; guarded by itself. */
    private final BitSet used = new BitSet();
    private volatile boolean closed;
    private volatile boolean ended;

    private SimulatedFirmware(FirmwareOptions options) {
        this.options = options;
        long arena = RingLayout.arena(options.rings(), options.slots());
        memory = new SharedMemory(arena + options.arenaBytes());
        writeHeader();
        MemorySegment commandsWorkOn = memory.segment().asSlice(arena, options.arenaBytes());
        deviceMemory = new DeviceMemory(commandsWorkOn);
        interrupts = new AtomicReferenceArray<>(options.rings());
        agent = new FirmwareAgent(memory, interrupts);
        idle = new DoorbellIdle(agent);
        world = Seam.installed() instanceof FirmwareHost host ? host : null;
        if (world != null) {
            world.add(agent, idle);
            runner = null;
            thread = null;
        } else {
            runner = new AgentRunner(idle, SimulatedFirmware::report, null, agent);
            thread = AgentRunner.startOnThread(runner, body -> {
                Thread created = new Thread(body, agent.roleName());
                created.setDaemon(true);
                return created;
            });
        }
    }

    /**
     * Starts a device of the default size.
     *
     * @return a running device; close it
     */
    public static SimulatedFirmware start() {
        return start(FirmwareOptions.defaults());
    }

    /**
     * Starts a device.
     *
     * @param options its size
     * @return a running device; close it
     */
    public static SimulatedFirmware start(FirmwareOptions options) {
        return new SimulatedFirmware(options);
    }

    private void writeHeader() {
        memory.longPlain(RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
        memory.intPlain(RingLayout.VERSION_OFFSET, RingLayout.VERSION);
        memory.intPlain(RingLayout.SLOT_BYTES_OFFSET, RingLayout.SLOT_BYTES);
        memory.intPlain(RingLayout.RINGS_OFFSET, options.rings());
        memory.intPlain(RingLayout.SLOTS_OFFSET, options.slots());
        memory.longPlain(RingLayout.ARENA_BYTES_OFFSET, options.arenaBytes());
    }

    private static void report(Throwable thrown) {
        System.getLogger("io.ringfence.sim").log(System.Logger.Level.ERROR, "the firmware failed", thrown);
    }

    /**
     * Takes a free ring.
     *
     * @return a driver for one queue; the ring is free again when that queue has ended
     * @throws IllegalStateException if all rings are in use or the device is closed
     */
    public Driver<Command> openRing() {
        synchronized (used) {
            if (closed) {
                throw new IllegalStateException("the firmware is closed");
            }
            int ring = used.nextClearBit(0);
            if (ring >= options.rings()) {
                throw new IllegalStateException("all " + options.rings() + " rings of the firmware are in use");
            }
            used.set(ring);
            return new FirmwareRing(this, memory, options, ring);
        }
    }

    /**
     * The memory that commands work on.
     *
     * @return the arena
     */
    public DeviceMemory memory() {
        return deviceMemory;
    }

    /**
     * How the device was set up.
     *
     * @return its size
     */
    public FirmwareOptions options() {
        return options;
    }

    void attach(int ring, DriverLink link) {
        interrupts.set(ring, link::interrupt);
        memory.orLong(open(ring), 1L << ring);
    }

    void detach(int ring) {
        memory.andLong(open(ring), ~(1L << ring));
        synchronized (used) {
            used.clear(ring);
        }
    }

    private static long open(int ring) {
        return RingLayout.OPEN_OFFSET + (long) ring / Long.SIZE * Long.BYTES;
    }

    void ringDoorbell() {
        // The queue put a full fence between the stamp and this look.
        if (memory.longVolatile(RingLayout.ASLEEP_OFFSET) != 0) {
            idle.ring();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /**
     * Stops the firmware. Commands it has not completed never will be: their jobs fail as lost with the device, and so
     * does what is submitted later. Close the queues first to let them finish. Any number of times.
     */
    @Override
    public void close() {
        synchronized (used) {
            closed = true;
        }
        stop();
        ended = true;
        for (int ring = 0; ring < options.rings(); ring++) {
            Runnable interrupt = interrupts.get(ring);
            if (interrupt != null) {
                interrupt.run();
            }
        }
    }

    /** Returns when the firmware executes nothing any more; an interrupt is kept for the caller. */
    private void stop() {
        idle.close();
        if (world != null) {
            world.remove(agent);
        }
        if (runner == null || thread == null) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        runner.close();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
