package io.ringfence.sim.kineto;

import java.io.IOException;
import java.nio.file.Path;

/** Synthetic traces for the tests of other packages. */
public final class GeneratedTraces {

    private GeneratedTraces() {
    }

    /** Writes a trace and returns how many dependencies a reader must find. */
    public static int write(Path file, int operations, int streams, int devices, int waitEvery, long seed)
            throws IOException {
        KinetoTraceGenerator.Summary summary =
                new KinetoTraceGenerator(operations, streams, devices, waitEvery, seed).write(file);
        return summary.streamEdges() + summary.crossEdges();
    }
}
