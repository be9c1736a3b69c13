package io.ringfence.sim.host;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/** What all rings of a device share on the host's side: the memory, the doorbells, the way to wake the firmware. Any thread. */
public final class HostSide {

    private final SharedMemory memory;
    private final Geometry geometry;
    private final Duration answerBound;
    private final AtomicReferenceArray<@Nullable Port> ports;
    private final EventReader events;
    private volatile Runnable waker = () -> {
    };

    /**
     * Takes up memory whose header is complete.
     *
     * @param memory      the memory
     * @param geometry    what its header says
     * @param answerBound how long the firmware has to answer a request
     */
    public HostSide(SharedMemory memory, Geometry geometry, Duration answerBound) {
        this.memory = memory;
        this.answerBound = answerBound;
        this.geometry = geometry;
        // The last one is the device's own.
        ports = new AtomicReferenceArray<>(geometry.rings() + 1);
        events = new EventReader(this);
    }

    /**
     * The shared memory.
     *
     * @return the memory
     */
    public SharedMemory memory() {
        return memory;
    }

    /**
     * How long the firmware has to answer a request.
     *
     * @return more than zero
     */
    public Duration answerBound() {
        return answerBound;
    }

    /**
     * For how long whoever recovers the device waits for one: a little longer, so that the request was given up by then and can be made
     * once more.
     */
    Duration recoveryBound() {
        return answerBound.plus(answerBound.dividedBy(8));
    }

    /**
     * Where the parts of the memory begin.
     *
     * @return what the header says
     */
    public Geometry geometry() {
        return geometry;
    }

    /**
     * Who reads the events.
     *
     * @return the reader
     */
    public EventReader events() {
        return events;
    }

    /**
     * Says how the firmware is woken when it sleeps; once, before anything is rung.
     *
     * @param wake any thread; must not wait
     */
    public void wokenBy(Runnable wake) {
        waker = wake;
    }

    /**
     * Has the events of a ring told.
     *
     * @param ring the ring, or -1 for the device
     * @param port whom, or null for nobody
     */
    public void port(int ring, @Nullable Port port) {
        ports.set(index(ring), port);
    }

    @Nullable
    Port port(int ring) {
        return ring >= -1 && ring < geometry.rings() ? ports.get(index(ring)) : null;
    }

    private int index(int ring) {
        return ring < 0 ? geometry.rings() : ring;
    }

    /**
     * Rings the doorbell of a ring.
     *
     * @param ring the ring
     */
    void ringDoorbell(int ring) {
        setBit(geometry.doorbells(ring / Long.SIZE), ring);
        wake();
    }

    /**
     * Makes the firmware look at a request that was written.
     *
     * @param ring the ring, or -1 for the device
     */
    public void announceRequest(int ring) {
        if (ring < 0) {
            memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
        } else {
            setBit(geometry.requests(ring / Long.SIZE), ring);
        }
        wake();
    }

    /** Makes the firmware look at stamps that commands wait for and that the host has written. */
    public void announceStamp() {
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
        wake();
    }

    private void setBit(long word, int ring) {
        memory.orLong(word, 1L << ring);
        Seam.at(Site.DEVICE);
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
    }

    private void wake() {
        Seam.at(Site.DEVICE);
        if (memory.longVolatile(RingLayout.ASLEEP_OFFSET) != 0) {
            wakeNow();
        }
    }

    /** Wakes the firmware, which has announced that it sleeps. */
    void wakeNow() {
        waker.run();
    }

    /** Has every ring looked at, as if it had raised an event. */
    void interruptAll() {
        for (int ring = 0; ring < geometry.rings(); ring++) {
            Port port = port(ring);
            if (port != null) {
                port.look();
            }
        }
    }

    /**
     * The firmware has stopped: everybody is told to look, and that nothing is answered any more.
     *
     * @param reason why
     */
    public void end(String reason) {
        for (int ring = -1; ring < geometry.rings(); ring++) {
            Port port = port(ring);
            if (port != null) {
                port.ended(reason);
            }
        }
    }
}
