package io.ringfence.figures.stream;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.devices.SpinningDevice;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/** JCTools' queue of many producers and one consumer, drained. Carries a reference to its consumer. */
final class JctoolsWay extends PolledWay {

    private final MessagePassingQueue<Object> queue = new MpscVarHandleArrayQueue<>(SpinningDevice.CAPACITY);
    private final Sequence taken = new Sequence(0);
    private final MessagePassingQueue.Consumer<Object> consumer = this::take;

    JctoolsWay() {
        start();
    }

    private void take(Object job) {
        if (job == JOB) {
            taken.set(taken.get() + 1);
        }
    }

    @Override
    boolean offer() {
        return queue.relaxedOffer(JOB);
    }

    @Override
    int poll() {
        return queue.drain(consumer, LIMIT);
    }

    @Override
    long taken() {
        return taken.get();
    }
}
