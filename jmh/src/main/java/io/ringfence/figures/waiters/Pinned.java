package io.ringfence.figures.waiters;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

import jdk.jfr.consumer.RecordingStream;

/** Counts how often a virtual thread parked without letting its carrier go, as the flight recorder saw it. */
final class Pinned implements AutoCloseable {

    private final RecordingStream stream = new RecordingStream();
    private final LongAdder seen = new LongAdder();

    Pinned() {
        stream.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
        stream.onEvent("jdk.VirtualThreadPinned", _ -> seen.increment());
        stream.startAsync();
    }

    /** Ends the recording; returns how often. */
    long stop() {
        stream.stop();
        return seen.sum();
    }

    @Override
    public void close() {
        stream.close();
    }
}
