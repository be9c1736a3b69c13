package io.ringfence.figures.peers;

/** Jobs of the least queue there can be. */
public abstract class BareWay extends Way {

    protected final BareQueue queue;

    protected BareWay(int ahead, int behind) {
        queue = new BareQueue(ahead, behind);
    }

    @Override
    protected final long done() {
        return queue.done();
    }

    @Override
    protected final void stop() throws InterruptedException {
        queue.stop();
    }
}
