package io.ringfence.figures.stream;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.devices.NoRoom;
import io.ringfence.figures.peers.Way;

/** A queue that one thread polls, spinning, many jobs at a time. */
abstract class PolledWay extends Way {

    /** What is taken at most before producers are shown the room, as the firmware has it. */
    static final int LIMIT = 256;

    private final Sequence count = new Sequence(0);
    private volatile boolean running = true;
    private final Thread thread = Thread.ofPlatform().daemon().name("consumer").unstarted(this::run);

    /** When everything is there that is polled. */
    final void start() {
        thread.start();
    }

    private void run() {
        while (running) {
            if (poll() == 0) {
                Thread.onSpinWait();
            }
            count.set(taken());
        }
    }

    /** Gives one job; false if there is no room. */
    abstract boolean offer();

    /** The consumer: takes what there is; returns 0 if there was nothing. */
    abstract int poll();

    /** The consumer: how many jobs it has seen. */
    abstract long taken();

    @Override
    protected final long give(int count) {
        long full = 0;
        for (int i = 0; i < count; i++) {
            for (int tries = 0; !offer(); tries++) {
                full++;
                NoRoom.pause(tries);
            }
        }
        return full;
    }

    @Override
    protected final long done() {
        return count.get();
    }

    @Override
    protected final void stop() throws InterruptedException {
        running = false;
        thread.join();
    }
}
