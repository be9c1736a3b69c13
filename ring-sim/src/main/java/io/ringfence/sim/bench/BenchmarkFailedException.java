package io.ringfence.sim.bench;

import java.io.IOException;

/** A benchmark did not come to its end: it is broken, not slow. */
public final class BenchmarkFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    BenchmarkFailedException(String message) {
        super(message);
    }
}
