package io.ringfence.jcstress;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;

/** A device that makes jobs wait for those of other devices of this kind. */
class TinyWaitingDriver extends TinyDriver {

    /** The last seqno that was handed over with something to wait for; the issue turn writes it. */
    volatile long left;

    @Override
    public int maxWaits() {
        return 2;
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return producer instanceof TinyWaitingDriver;
    }

    @Override
    public void runAfter(long seqno, Object payload, DeviceWaits waits) {
        left = seqno;
    }
}
