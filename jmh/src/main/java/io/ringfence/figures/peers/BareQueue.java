package io.ringfence.figures.peers;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.figures.devices.StampedSlots;

/**
 * The least that a queue for several producers and a device on another processor can be, for comparison: jobs are claimed by one
 * compare-and-set, published by a stamp, issued to the device by whoever holds a turn, and finished by whoever holds another. Nothing of
 * what a queue is for: no dependencies, no failures, no waiters, no fences, no credits, no doorbell, no user code, no end.
 *
 * <p>The device is told how to poll, and lines are asked for ahead or not, as suits what is measured best; a queue has one setting.
 */
public final class BareQueue {

    private static final VarHandle PAYLOAD = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle STAMP = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int MASK = StampedSlots.CAPACITY - 1;

    private final Object[] payloads = new Object[StampedSlots.CAPACITY];
    private final long[] stamps = new long[StampedSlots.CAPACITY];
    private final Sequence claimed = new Sequence(0);
    private final Sequence issueTurn = new Sequence(0);
    private final Sequence issued = new Sequence(0);
    private final Sequence completionTurn = new Sequence(0);
    private final Sequence finished = new Sequence(0);
    private final StampedSlots device;
    private final int ahead;
    private final int room;

    /** With so many lines asked for at once, 0 for none, and a device that lets the producer get ahead by so many spin hints. */
    public BareQueue(int ahead, int behind) {
        this.ahead = ahead;
        room = SpinningDevice.CAPACITY - 2 * ahead;
        device = new StampedSlots(behind);
    }

    /** Submits so many jobs by one claim; the seqno of the last, 0 if there is no room. */
    public long trySubmit(int count) {
        long last;
        long next;
        do {
            last = claimed.get();
            next = last + count;
            if (next - finished.get() > room) {
                complete();
                if (next - finished.get() > room) {
                    return 0;
                }
            }
        } while (!claimed.compareAndSet(last, next));
        for (long seqno = last + 1; seqno <= next; seqno++) {
            PAYLOAD.set(payloads, (int) seqno & MASK, Way.JOB);
            STAMP.setRelease(stamps, (int) seqno & MASK, seqno);
        }
        issue();
        return next;
    }

    private void issue() {
        if (issueTurn.getAndAdd(1) != 0) {
            return;
        }
        long left = 1;
        while (left != 0) {
            long next = issued.get() + 1;
            while ((long) STAMP.getAcquire(stamps, (int) next & MASK) == next) {
                if (ahead != 0 && next % ahead == 0) {
                    device.askFor(next + ahead, ahead);
                }
                device.writeRelease(next - 1);
                next++;
            }
            issued.set(next - 1);
            left = issueTurn.addAndGet(-left);
        }
    }

    private void complete() {
        if (device.takenAcquire() == finished.get() || completionTurn.getAndAdd(1) != 0) {
            return;
        }
        long left = 1;
        while (left != 0) {
            long taken = device.takenAcquire();
            for (long seqno = finished.get() + 1; seqno <= taken; seqno++) {
                PAYLOAD.set(payloads, (int) seqno & MASK, null);
            }
            finished.setVolatile(taken);
            left = completionTurn.addAndGet(-left);
        }
    }

    /** Waits for a job, spinning. */
    public void spin(long seqno) {
        for (;;) {
            complete();
            if (finished.get() >= seqno) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** How many jobs are finished. */
    public long done() {
        complete();
        return finished.get();
    }

    /** Ends the device. */
    public void stop() throws InterruptedException {
        device.close(claimed.get());
    }
}
