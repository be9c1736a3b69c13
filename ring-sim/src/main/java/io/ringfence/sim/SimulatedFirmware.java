package io.ringfence.sim;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.FailureDomain;
import io.ringfence.fence.Result;
import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.device.Finding;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.firmware.DoorbellIdle;
import io.ringfence.sim.firmware.FirmwareAgent;
import io.ringfence.sim.host.DeviceDomain;
import io.ringfence.sim.host.DeviceWatch;
import io.ringfence.sim.host.HostSide;
import io.ringfence.sim.host.Port;
import io.ringfence.sim.host.Requests;
import io.ringfence.sim.host.RingPort;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RequestKind;
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

    /** Enough that the firmware seldom has to wait for the host to read. */
    private static final int EVENTS = 1024;
    private static final AtomicLong IDS = new AtomicLong();
    private static final String CLOSED = "the firmware was closed";

    private final FirmwareOptions options;
    private final HostSide host;
    private final DeviceMemory deviceMemory;
    private final FirmwareAgent agent;
    private final DoorbellIdle idle;
    private final @Nullable FirmwareHost world;
    private final @Nullable AgentRunner runner;
    private final @Nullable Thread thread;
    private final @Nullable FaultDice dice;
    private final Requests requests;
    private final DeviceWatch watch;
    private final DeviceDomain domain;
    /** Rings that are in use; behind them, groups. Guarded by itself. */
    private final BitSet used = new BitSet();
    private volatile boolean closed;
    private volatile boolean ended;

    private SimulatedFirmware(FirmwareOptions options) {
        this.options = options;
        Geometry geometry = new Geometry(options.rings(), options.slots(), options.groupSlots(), EVENTS,
                options.arenaBytes(), options.timeSlice().toNanos());
        SharedMemory memory = new SharedMemory(geometry.total());
        memory.intPlain(RingLayout.ATTACH_EPOCH_OFFSET, 1);
        geometry.write(memory);
        host = new HostSide(memory, geometry, options.answerBound());
        deviceMemory = new DeviceMemory(memory.segment().asSlice(geometry.arena(), options.arenaBytes()),
                host::announceStamp);
        requests = new Requests(host, -1);
        host.port(-1, new DevicePort());
        watch = new DeviceWatch(host, requests);
        domain = new DeviceDomain(host, requests, "firmware " + IDS.incrementAndGet());
        dice = options.faults().isEmpty() ? null : new FaultDice(options.faults());
        agent = new FirmwareAgent(memory, host.events()::read, dice);
        idle = new DoorbellIdle(agent);
        host.wokenBy(idle::ring);
        world = Seam.installed() instanceof FirmwareHost found ? found : null;
        if (world != null) {
            world.add(agent, idle);
            runner = null;
            thread = null;
        } else {
            runner = new AgentRunner(idle, SimulatedFirmware::report, null, agent);
            thread = AgentRunner.startOnThread(runner, body -> {
                Thread created = new Thread(() -> live(body), agent.roleName());
                created.setDaemon(true);
                return created;
            });
        }
    }

    /** However the firmware ends, nobody must wait for it. */
    private void live(Runnable body) {
        try {
            body.run();
        } finally {
            ended = true;
            host.end("the firmware has stopped");
        }
    }

    /** The answers to requests that concern the whole device. */
    private final class DevicePort implements Port {
        @Override
        public void completed(long word) {
        }

        @Override
        public void look() {
        }

        @Override
        public void replied(long request, int result, long completed, long started) {
            requests.replied(request, result, completed, started);
        }

        @Override
        public void ended(String reason) {
            requests.end(reason);
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

    private static void report(Throwable thrown) {
        System.getLogger("io.ringfence.sim").log(System.Logger.Level.ERROR, "the firmware failed", thrown);
    }

    /**
     * Takes a free ring, with a group of its own.
     *
     * @return a driver for one queue; the ring is free again when that queue has ended
     * @throws IllegalStateException if all rings are in use or the device is closed
     */
    public FirmwareRing openRing() {
        return openRing(RingOptions.defaults());
    }

    /**
     * Takes a free ring.
     *
     * @param how how it is scheduled
     * @return a driver for one queue; the ring is free again when that queue has ended
     * @throws IllegalStateException    if all rings are in use or the device is closed
     * @throws IllegalArgumentException if the group is another device's, or has rings for long-running commands
     */
    public FirmwareRing openRing(RingOptions how) {
        FirmwareRing ring = new FirmwareRing(this, take(how, false), how);
        tellEnd(ring.port());
        return ring;
    }

    private void tellEnd(RingPort port) {
        if (ended) {
            // It was closed meanwhile, and has told everybody it knew.
            port.ended(CLOSED);
        }
    }

    /**
     * Takes a free ring for commands that may run for ever.
     *
     * @param how how it is scheduled; a group has rings of one kind only
     * @return a driver for one long-running queue; the ring is free again when that queue has ended
     * @throws IllegalStateException    if all rings are in use or the device is closed
     * @throws IllegalArgumentException if the group is another device's, or has rings for queues
     */
    public LongRunningRing openLongRunningRing(RingOptions how) {
        LongRunningRing ring = new LongRunningRing(this, take(how, true), how);
        tellEnd(ring.port());
        return ring;
    }

    private int take(RingOptions how, boolean longRunning) {
        FirmwareGroup group = how.group();
        if (group != null && !group.isOf(this)) {
            throw new IllegalArgumentException(group + " belongs to another device");
        }
        synchronized (used) {
            requireOpen();
            int ring = used.nextClearBit(0);
            if (ring >= options.rings()) {
                throw new IllegalStateException("all " + options.rings() + " rings of the firmware are in use");
            }
            if (group != null) {
                group.takes(longRunning);
            }
            used.set(ring);
            return ring;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the firmware is closed");
        }
    }

    /**
     * Makes a group, for rings that come onto the device and leave it together.
     *
     * @param priority of the group
     * @return a group without rings
     * @throws IllegalStateException if there are as many groups as the device has rings, or it is closed
     */
    public FirmwareGroup openGroup(GroupPriority priority) {
        synchronized (used) {
            requireOpen();
            int number = used.nextClearBit(options.rings());
            if (number >= 2 * options.rings()) {
                throw new IllegalStateException("all " + options.rings() + " groups of the firmware are in use");
            }
            used.set(number);
            return new FirmwareGroup(this, number, priority);
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

    HostSide host() {
        return host;
    }

    FailureDomain failureDomain() {
        return domain;
    }

    DeviceWatch watch() {
        return watch;
    }

    void release(int ring) {
        synchronized (used) {
            used.clear(ring);
        }
    }

    void release(FirmwareGroup group) {
        release(group.number());
    }

    // ---- the whole device

    /**
     * Stops all rings at once, wherever they are. Where each stands is told by its status, which does not change any more.
     *
     * @return the answer
     */
    public Result<Standing> quiesce() {
        return requests.ask(RequestKind.QUIESCE);
    }

    /**
     * Goes on with all rings that were quiesced.
     *
     * @return the answer
     */
    public Result<Standing> resume() {
        return requests.ask(RequestKind.RESUME);
    }

    /**
     * Gives up everything that is in progress. Nothing begins until each ring was {@linkplain FirmwareRing#reset() reset}.
     *
     * @return the answer
     */
    public Result<Standing> reset() {
        return requests.ask(RequestKind.RESET);
    }

    /**
     * Looks at the device for what is wrong with it. A few times in the bound that was set; any thread.
     *
     * @return what was found since the last look, perhaps nothing
     */
    public List<Finding> diagnose() {
        return watch.look();
    }

    /**
     * Whether something was asked of the firmware that it has not answered, and that {@link #diagnose} has not given up.
     *
     * @return false if nothing is on the way
     */
    public boolean isAnswerPending() {
        return watch.isAnswerPending();
    }

    /**
     * Says for how long nothing may happen before that is something wrong; 1 s if this is not called.
     *
     * @param bound more than zero
     */
    public void diagnoseAfter(Duration bound) {
        if (!bound.isPositive()) {
            throw new IllegalArgumentException("bound " + bound + ": must be more than zero");
        }
        watch.bound(bound);
    }

    /**
     * How often each fault of the device's plan has struck.
     *
     * @return the faults in the order of the plan
     */
    public List<FaultDice.Struck> struckFaults() {
        return dice == null ? List.of() : dice.struck();
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
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("the firmware cannot be closed by a callback that it calls itself");
        }
        synchronized (used) {
            closed = true;
        }
        stop();
        ended = true;
        host.end(CLOSED);
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
