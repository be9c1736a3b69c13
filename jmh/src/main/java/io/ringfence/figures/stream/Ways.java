package io.ringfence.figures.stream;

import com.lmax.disruptor.dsl.ProducerType;

import io.ringfence.figures.peers.Way;

import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/** The ways to hand a stream of jobs over, by name. */
public final class Ways {

    /** Jobs of an invocation, so many that what JMH does between two does not count: a multiple of each batch. */
    public static final int JOBS = 8192;
    /** Agrona's buffers reach into the JDK. */
    static final String FOR_AGRONA = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";

    /** Lines that the bare queue asks for at once. */
    private static final int AHEAD = 8;
    /** Spin hints by which its device lets the producer get ahead. */
    private static final int BEHIND = 128;

    private Ways() {
    }

    /** One by one. */
    public static Way open(String name) {
        return switch (name) {
            case "ringfence" -> new RingfenceWay(1);
            case "ringfenceFence" -> new FenceWay();
            case "bare" -> new BareStream(1, 0, 0);
            case "bareAhead" -> new BareStream(1, AHEAD, BEHIND);
            case "disruptorMulti" -> new DisruptorWay(ProducerType.MULTI, 1);
            case "disruptorSingle" -> new DisruptorWay(ProducerType.SINGLE, 1);
            case "jctoolsMpsc" -> new JctoolsWay();
            case "agronaManyToOne" -> new AgronaWay(ManyToOneRingBuffer::new);
            case "agronaOneToOne" -> new AgronaWay(OneToOneRingBuffer::new);
            case "arrayBlockingQueue" -> new BlockingQueueWay();
            case "futurePool" -> new FuturePoolWay();
            case "virtualThread" -> new VirtualThreadWay();
            case "synchronousQueue" -> new SynchronousQueueWay();
            default -> throw new IllegalArgumentException("way '" + name + "': there is no such way");
        };
    }

    /** Many at once. */
    public static Way openBatches(String name, int size) {
        return switch (name) {
            case "ringfence" -> new RingfenceWay(size);
            case "bare" -> new BareStream(size, 0, 0);
            case "bareAhead" -> new BareStream(size, AHEAD, BEHIND);
            case "disruptorMulti" -> new DisruptorWay(ProducerType.MULTI, size);
            default -> throw new IllegalArgumentException("way '" + name + "': there is no such way");
        };
    }
}
