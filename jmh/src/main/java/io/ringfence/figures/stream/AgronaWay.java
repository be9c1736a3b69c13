package io.ringfence.figures.stream;

import java.util.function.Function;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.devices.SpinningDevice;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** A ring buffer of Agrona, outside the heap, claimed and committed in place. Carries a message of 8 bytes to its consumer. */
final class AgronaWay extends PolledWay {

    private static final int JOB_TYPE = 1;
    private static final long COMMAND = 0x4A4F42;
    private static final int RECORD = BitUtil.align(RecordDescriptor.HEADER_LENGTH + Long.BYTES,
            RecordDescriptor.ALIGNMENT);

    private final RingBuffer ring;
    private final Sequence taken = new Sequence(0);
    private final MessageHandler handler = this::take;

    AgronaWay(Function<AtomicBuffer, RingBuffer> kind) {
        int length = SpinningDevice.CAPACITY * RECORD + RingBufferDescriptor.TRAILER_LENGTH;
        ring = kind.apply(
                new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 2 * BitUtil.CACHE_LINE_LENGTH)));
        start();
    }

    private void take(int type, MutableDirectBuffer buffer, int index, int length) {
        if (buffer.getLong(index) == COMMAND) {
            taken.set(taken.get() + 1);
        }
    }

    @Override
    boolean offer() {
        int index = ring.tryClaim(JOB_TYPE, Long.BYTES);
        if (index < 0) {
            return false;
        }
        ring.buffer().putLong(index, COMMAND);
        ring.commit(index);
        return true;
    }

    @Override
    int poll() {
        return ring.read(handler, LIMIT);
    }

    @Override
    long taken() {
        return taken.get();
    }
}
