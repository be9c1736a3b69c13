package io.ringfence.sim.host;

import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * Reads the event ring, one thread at a time: whoever comes while another reads makes that one look again. An event is copied, the
 * copy is checked, and what it says of completions is only a hint to look at the completion words.
 */
public final class EventReader {

    private final HostSide host;
    private final SharedMemory memory;
    private final Geometry geometry;
    /** How many asked for a look that nobody has made yet; whoever raises it from 0 reads. */
    private final AtomicLong asked = new AtomicLong();
    private final EventNumbers numbers = new EventNumbers();
    private long read;

    EventReader(HostSide host) {
        this.host = host;
        memory = host.memory();
        geometry = host.geometry();
    }

    /**
     * Which events have come twice, late or not at all.
     *
     * @return what is known of them
     */
    EventNumbers numbers() {
        return numbers;
    }

    /** Tells of what has come. Any thread, the firmware's among them; does not wait. */
    public void read() {
        long seen = 1;
        if (asked.getAndIncrement() != 0) {
            return;
        }
        do {
            readAll();
            seen = asked.addAndGet(-seen);
        } while (seen != 0);
    }

    private void readAll() {
        for (;;) {
            long entry = geometry.event(read);
            Seam.at(Site.DEVICE);
            if (memory.longAcquire(entry + RingLayout.EVENT_STAMP_OFFSET) != read + 1) {
                return;
            }
            int kind = memory.intPlain(entry + RingLayout.EVENT_KIND_OFFSET);
            int ring = memory.intPlain(entry + RingLayout.EVENT_RING_OFFSET);
            long number = memory.longPlain(entry + RingLayout.EVENT_NUMBER_OFFSET);
            long completed = memory.longPlain(entry + RingLayout.EVENT_COMPLETION_OFFSET);
            long started = memory.longPlain(entry + RingLayout.EVENT_STARTED_OFFSET);
            long request = memory.longPlain(entry + RingLayout.EVENT_REQUEST_OFFSET);
            int result = memory.intPlain(entry + RingLayout.EVENT_RESULT_OFFSET);
            read++;
            memory.longRelease(RingLayout.READ_OFFSET, read);
            numbers.came(number);
            Port port = host.port(ring);
            if (port != null) {
                tell(port, kind, ring, request, result, completed, started);
            }
        }
    }

    /** What one of them throws, a callback of a user among them, keeps the others from nothing. */
    private void tell(Port port, int kind, int ring, long request, int result, long completed, long started) {
        try {
            if (kind == EventKind.COMPLETION) {
                checkWord(ring, completed);
                port.completed(completed);
            } else if (kind == EventKind.REPLY) {
                port.replied(request, result, completed, started);
            }
        } catch (Throwable thrown) {
            System.getLogger("io.ringfence.sim").log(System.Logger.Level.ERROR, "an event of " + port, thrown);
        }
    }

    /** The word is stored before the event is raised: an event that is ahead of it tells of a firmware that does otherwise. */
    private void checkWord(int ring, long completed) {
        long word = memory.longAcquire(geometry.descriptor(ring) + RingLayout.COMPLETION_OFFSET);
        if (RingLayout.epoch(word) == RingLayout.epoch(completed)
                && RingLayout.seqno(word) < RingLayout.seqno(completed)) {
            numbers.aheadOfWord(ring, RingLayout.seqno(completed));
        }
    }
}
