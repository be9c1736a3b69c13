package io.ringfence.sim.host;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import io.ringfence.fence.Result;
import io.ringfence.fence.ResultIssuer;
import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.device.DeviceRequestException;
import io.ringfence.sim.device.Finding;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.jspecify.annotations.Nullable;

/**
 * What the host asks of the firmware for one ring, or for the device: one request at a time, in the order in which they were made;
 * the answers come as results that are settled by whoever reads the events. A request that is not answered in time fails, and the
 * next is made, in its place: the firmware, which may have stood still, has perhaps never read it. Any thread; nobody waits.
 */
public final class Requests {

    /** A request; nobody waits for the answer if that is null. */
    private record Pending(RequestKind kind, @Nullable ResultIssuer<Standing> answer, @Nullable Runnable before,
            @Nullable Runnable after) {

        void begin() {
            if (before != null) {
                before.run();
            }
        }

        void took() {
            if (after != null) {
                after.run();
            }
        }

        void done(Standing standing) {
            took();
            if (answer != null) {
                boolean _ = answer.signal(standing);
            }
        }

        void failed(String message) {
            if (answer != null) {
                boolean _ = answer.fail(new DeviceRequestException(message));
            }
        }
    }

    private final HostSide host;
    private final int ring;
    private final String name;
    private final Runnable refused;
    /** How much longer a suspension may take. */
    private volatile long suspensionNanos;
    private final Queue<Pending> waiting = new ArrayDeque<>();
    private @Nullable Pending asked;
    /** What was given up last, as long as nothing stands in its place. */
    private @Nullable Pending late;
    private long word;
    private long numbers;
    private long since;
    private volatile boolean registered;
    /** The firmware has done something that was asked of it for the ring, so it knows the ring; until then each request registers it too. */
    private boolean known;
    private @Nullable String gone;

    /**
     * The requests of a ring.
     *
     * @param host the device
     * @param ring the ring, or -1 for the device
     */
    public Requests(HostSide host, int ring) {
        this(host, ring, () -> {
        });
    }

    /**
     * The requests of a ring.
     *
     * @param host    the device
     * @param ring    the ring
     * @param refused is called if the firmware does not register the ring
     */
    Requests(HostSide host, int ring, Runnable refused) {
        this.host = host;
        this.ring = ring;
        this.refused = refused;
        name = ring < 0 ? "the device" : "ring " + ring;
        // Numbers go on where the last user of the ring has stopped: the firmware knows a request by its word.
        numbers = host.memory().longVolatile(offset()) >>> Byte.SIZE;
    }

    /**
     * Asks for something.
     *
     * @param kind   what
     * @param before is done just before the firmware is asked; null for nothing
     * @param after  is done when it has answered that it was done, before the result is settled; null for nothing
     * @return the answer: where the ring stands
     */
    public Result<Standing> ask(RequestKind kind, @Nullable Runnable before, @Nullable Runnable after) {
        expire(host.answerBound());
        ResultIssuer<Standing> answer = ResultIssuer.create(kind.text() + " of " + name);
        Pending request = new Pending(kind, answer, before, after);
        String reason;
        synchronized (this) {
            reason = gone;
            if (reason == null) {
                waiting.add(request);
            }
        }
        if (reason != null) {
            request.failed(kind.text() + " of " + name + ": " + reason);
        } else {
            next();
        }
        return answer.result();
    }

    /**
     * Asks for something.
     *
     * @param kind what
     * @return the answer: where the ring stands
     */
    public Result<Standing> ask(RequestKind kind) {
        return ask(kind, null, null);
    }

    /** Registers the ring, before anything else is asked of the firmware; once. */
    public void register() {
        synchronized (this) {
            if (registered || gone != null) {
                return;
            }
            host.memory().longPlain(host.geometry().descriptor(ring) + RingLayout.DEVICE_REQUEST_BEFORE_OFFSET,
                    host.memory().longVolatile(RingLayout.DEVICE_REQUEST_OFFSET));
            waiting.add(new Pending(RequestKind.REGISTER, null, null, null));
            registered = true;
        }
        next();
    }

    /**
     * Whether the firmware was asked to register the ring.
     *
     * @return true after {@link #register()}
     */
    public boolean isRegisteredVolatile() {
        return registered;
    }

    private void next() {
        synchronized (this) {
            if (asked != null || waiting.isEmpty()) {
                return;
            }
            Pending next = waiting.remove();
            next.begin();
            asked = next;
            late = null;
            boolean first = ring >= 0 && !known && next.kind != RequestKind.REGISTER;
            word = RingLayout.request(++numbers, next.kind.code() | (first ? RingLayout.REGISTER_FIRST : 0));
            since = Seam.nanoTime();
            host.memory().longVolatile(offset(), word);
        }
        host.announceRequest(ring);
    }

    private long offset() {
        return ring < 0 ? RingLayout.DEVICE_REQUEST_OFFSET
                : host.geometry().descriptor(ring) + RingLayout.REQUEST_OFFSET;
    }

    /**
     * The firmware has answered.
     *
     * @param request   the request's word; one that is not the last is ignored
     * @param result    how, a number of {@link EventKind}
     * @param completed the last completed command, (epoch, seqno)
     * @param started   the last begun command, (epoch, seqno)
     */
    public void replied(long request, int result, long completed, long started) {
        Pending answered;
        Pending givenUp;
        synchronized (this) {
            if (request != word) {
                return;
            }
            // The answer to a request that was given up, if there was no other since, still tells how the ring stands.
            answered = asked;
            givenUp = late;
            asked = null;
            late = null;
            word = 0;
            known |= result == EventKind.DONE;
        }
        if (result == EventKind.REFUSED && isRegistrationRefused(request)) {
            find(Finding.Kind.REFUSED_RING, "the firmware did not register " + name);
            refused.run();
        }
        if (givenUp != null && result == EventKind.DONE) {
            givenUp.took();
        }
        if (answered != null) {
            settle(answered, result, new Standing(RingLayout.seqno(completed), RingLayout.seqno(started)));
        }
        next();
    }

    private boolean isRegistrationRefused(long request) {
        return RingLayout.requestKind(request) == RequestKind.REGISTER.code() || RingLayout.registersFirst(request)
                && (host.memory().intAcquire(host.geometry().descriptor(ring) + RingLayout.STATE_OFFSET)
                        & RingLayout.STATE_REGISTERED) == 0;
    }

    private void settle(Pending answered, int result, Standing standing) {
        if (result == EventKind.DONE) {
            answered.done(standing);
            return;
        }
        if (result == EventKind.FAILED && answered.kind == RequestKind.RESET) {
            find(Finding.Kind.FAILED_RESET, "the reset of " + name + " failed");
        }
        answered.failed(answered.kind.text() + " of " + name + ": "
                + (result == EventKind.REFUSED ? "the firmware refused it in the present state" : "it failed"));
    }

    private void find(Finding.Kind kind, String text) {
        host.events().numbers().add(new Finding(kind, ring, 0, text));
    }

    /**
     * Gives up a request that was not answered in time.
     *
     * @param bound how long it may take
     */
    public void expire(Duration bound) {
        Pending expired;
        synchronized (this) {
            long longer = asked != null && asked.kind == RequestKind.SUSPEND ? suspensionNanos : 0;
            if (asked == null || Seam.nanoTime() - since < bound.toNanos() + longer) {
                return;
            }
            expired = asked;
            late = asked;
            asked = null;
        }
        String text = expired.kind.text() + " of " + name + ": no answer within " + bound.toMillis() + " ms";
        find(Finding.Kind.LOST_REPLY, text);
        expired.failed(text);
        next();
    }

    /**
     * Says how much longer than others a suspension may take: the ring is left alone for a while, then its command has some time.
     *
     * @param nanos nanoseconds
     */
    void suspensionMayTake(long nanos) {
        suspensionNanos = nanos;
    }

    /**
     * Nothing is asked any more. The ring is deregistered, whatever was asked before and is not answered.
     *
     * @param reason why
     * @param last   is done before the firmware is asked to, when nothing that was asked for can begin any more
     */
    void close(String reason, Runnable last) {
        boolean toldOf;
        List<Pending> left;
        synchronized (this) {
            last.run();
            toldOf = registered && gone == null;
            if (toldOf) {
                // In the place of what was asked last: the firmware carries out the last request only. Nothing is asked after it.
                word = RingLayout.request(++numbers, RequestKind.DEREGISTER.code());
                host.memory().longVolatile(offset(), word);
            }
            left = takeAll(reason);
        }
        if (toldOf) {
            host.announceRequest(ring);
        }
        refuse(left, reason);
    }

    /**
     * Nothing is answered any more: whoever waits is told so.
     *
     * @param reason why
     */
    public void end(String reason) {
        List<Pending> left;
        synchronized (this) {
            left = takeAll(reason);
        }
        refuse(left, reason);
    }

    /** Under the lock. */
    private List<Pending> takeAll(String reason) {
        gone = reason;
        List<Pending> left = new ArrayList<>(waiting);
        waiting.clear();
        if (asked != null) {
            left.addFirst(asked);
            asked = null;
        }
        return left;
    }

    private void refuse(List<Pending> left, String reason) {
        for (Pending request : left) {
            request.failed(request.kind.text() + " of " + name + ": " + reason);
        }
    }

    /**
     * Whether a request was made that is not answered.
     *
     * @return false also when the ring is gone
     */
    public synchronized boolean isAnswerPending() {
        return asked != null;
    }

    @Override
    public String toString() {
        return "requests of " + name;
    }
}
