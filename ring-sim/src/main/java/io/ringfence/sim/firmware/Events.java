package io.ringfence.sim.firmware;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/**
 * Tells the host: an entry in the event ring, then the interrupt line. What finds the ring full stays here until the host has read
 * some.
 */
final class Events {

    /** An event, its kind and result being numbers of {@link EventKind}. */
    private record Event(int kind, int ring, long number, long completion, long started, long request, int result,
            long due) {
    }

    private final Board board;
    private final SharedMemory memory;
    private final Geometry geometry;
    private final Runnable line;
    private final @Nullable FaultDice dice;
    private long written;
    private long raised;
    /** What found no room, in order. A ring has at most one reply and one completion on the way for each time it asks. */
    private final Queue<Event> owed = new ArrayDeque<>();
    private final List<Event> late = new ArrayList<>();

    Events(Board board, Runnable line) {
        this.board = board;
        this.line = line;
        memory = board.memory;
        geometry = board.geometry;
        dice = board.dice;
    }

    /** The host wanted to know of a completion. */
    void completion(int ring, long completion, long started) {
        raise(new Event(EventKind.COMPLETION, ring, ++raised, completion, started, 0, EventKind.DONE, 0));
    }

    /** A request was dealt with; ring -1 stands for the device. */
    void reply(int ring, long request, int result, long completion, long started) {
        RequestKind kind = RequestKind.of(RingLayout.requestKind(request));
        if (dice != null && kind != null && dice.strikesRequest(FaultKind.LOST_REPLY, ring, kind.text()) != null) {
            return;
        }
        raise(new Event(EventKind.REPLY, ring, ++raised, completion, started, request, result, 0));
    }

    private void raise(Event event) {
        memory.longRelease(RingLayout.RAISED_OFFSET, raised);
        if (dice != null && isBent(dice, event)) {
            return;
        }
        send(event);
    }

    private boolean isBent(FaultDice faults, Event event) {
        long seqno = RingLayout.seqno(event.completion);
        if (faults.strikes(FaultKind.LOST_EVENT, event.ring, seqno) != null) {
            return true;
        }
        Fault delay = faults.strikes(FaultKind.LATE_EVENT, event.ring, seqno);
        if (delay != null) {
            late.add(new Event(event.kind, event.ring, event.number, event.completion, event.started, event.request,
                    event.result, board.nanoTime() + delay.byNanos()));
            return true;
        }
        if (faults.strikes(FaultKind.DOUBLED_EVENT, event.ring, seqno) != null) {
            send(event);
        }
        return false;
    }

    private void send(Event event) {
        if (!owed.isEmpty() || !hasRoom()) {
            owed.add(event);
            return;
        }
        write(event);
        line.run();
    }

    private boolean hasRoom() {
        return written - memory.longAcquire(RingLayout.READ_OFFSET) < geometry.events();
    }

    private void write(Event event) {
        long entry = geometry.event(written);
        memory.intPlain(entry + RingLayout.EVENT_KIND_OFFSET, event.kind);
        memory.intPlain(entry + RingLayout.EVENT_RING_OFFSET, event.ring);
        memory.longPlain(entry + RingLayout.EVENT_NUMBER_OFFSET, event.number);
        memory.longPlain(entry + RingLayout.EVENT_COMPLETION_OFFSET, event.completion);
        memory.longPlain(entry + RingLayout.EVENT_STARTED_OFFSET, event.started);
        memory.longPlain(entry + RingLayout.EVENT_REQUEST_OFFSET, event.request);
        memory.intPlain(entry + RingLayout.EVENT_RESULT_OFFSET, event.result);
        Seam.at(Site.DEVICE);
        memory.longRelease(entry + RingLayout.EVENT_STAMP_OFFSET, ++written);
    }

    /** Sends what is late or found no room, as far as that can be done now. */
    void flush(long now) {
        if (owed.isEmpty() && late.isEmpty()) {
            return;
        }
        boolean sent = false;
        while (!owed.isEmpty() && hasRoom()) {
            write(owed.remove());
            sent = true;
        }
        for (int i = 0; i < late.size(); i++) {
            Event event = late.get(i);
            if (now - event.due >= 0 && owed.isEmpty() && hasRoom()) {
                late.remove(i--);
                write(event);
                sent = true;
            }
        }
        if (sent) {
            line.run();
        }
    }

    /** Whether something waits for room: the host may have made some without telling. */
    boolean owes() {
        return !owed.isEmpty();
    }

    /** When the next late event is due, or {@code Long.MAX_VALUE}. */
    long nextDue() {
        long next = Long.MAX_VALUE;
        for (Event event : late) {
            next = Math.min(next, event.due);
        }
        return next;
    }
}
