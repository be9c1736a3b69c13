package io.ringfence.figures.devices;

import io.ringfence.driver.DriverLink;

import org.jspecify.annotations.Nullable;

/** A device that completes jobs at once and says so by itself: of each one, or of all that it was rung for. */
public final class PushingDriver extends ObedientDriver {

    private final boolean tellsOfEach;
    private @Nullable DriverLink link;
    private volatile long last;

    public PushingDriver(boolean tellsOfEach) {
        this.tellsOfEach = tellsOfEach;
    }

    /** How many jobs it was given. */
    public long given() {
        return last;
    }

    @Override
    public void open(DriverLink opened) {
        link = opened;
    }

    @Override
    public void run(long seqno, Object payload) {
        last = seqno;
        if (tellsOfEach) {
            tell(seqno);
        }
    }

    @Override
    public void doorbell() {
        if (!tellsOfEach) {
            // What was given after this is rung for once more.
            tell(last);
        }
    }

    private void tell(long through) {
        DriverLink told = link;
        if (told != null) {
            told.completedThrough(through);
        }
    }
}
