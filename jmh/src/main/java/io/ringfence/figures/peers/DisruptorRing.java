package io.ringfence.figures.peers;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.dsl.ProducerType;

import io.ringfence.figures.devices.SpinningDevice;

/**
 * A ring of the Disruptor and one handler on a thread of its own that spins, put together as in the Disruptor's own performance tests.
 * An event carries a reference; who finds no room sleeps as the Disruptor has it.
 */
public final class DisruptorRing {

    /** What is in the ring. */
    private static final class Event {
        Object job;
    }

    private final RingBuffer<Event> ring;
    private final BatchEventProcessor<Event> processor;
    private final Sequence handled;
    private final Sequence count = new Sequence(0);
    private final Thread thread;

    public DisruptorRing(ProducerType producers) {
        ring = RingBuffer.create(producers, Event::new, SpinningDevice.CAPACITY, new BusySpinWaitStrategy());
        processor = new BatchEventProcessorBuilder().build(ring, ring.newBarrier(), (event, _, _) -> {
            if (event.job == Way.JOB) {
                count.set(count.get() + 1);
            }
        });
        handled = processor.getSequence();
        ring.addGatingSequences(handled);
        thread = Thread.ofPlatform().daemon().name("disruptor").start(processor);
    }

    /** Publishes one job; returns its sequence. */
    public long publish() {
        long sequence = ring.next();
        ring.get(sequence).job = Way.JOB;
        ring.publish(sequence);
        return sequence;
    }

    /** Publishes a range. */
    public void publish(int jobs) {
        long last = ring.next(jobs);
        long first = last - jobs + 1;
        for (long sequence = first; sequence <= last; sequence++) {
            ring.get(sequence).job = Way.JOB;
        }
        ring.publish(first, last);
    }

    /** Waits for a job, spinning. */
    public void spin(long sequence) {
        while (handled.get() < sequence) {
            Thread.onSpinWait();
        }
    }

    /** How many jobs the handler has found. */
    public long done() {
        return count.get();
    }

    /** Ends the thread. */
    public void stop() throws InterruptedException {
        processor.halt();
        thread.join();
    }
}
