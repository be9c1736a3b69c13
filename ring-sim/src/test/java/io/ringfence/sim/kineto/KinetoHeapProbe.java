package io.ringfence.sim.kineto;

import java.nio.file.Files;
import java.nio.file.Path;

/** A program that reads a trace in a JVM of its own and leaves its findings in a file. */
final class KinetoHeapProbe {

    private KinetoHeapProbe() {}

    /** Takes the trace and the file for the findings: jobs, dependencies, retained bytes, milliseconds. */
    public static void main(String[] arguments) throws Exception {
        long began = System.nanoTime();
        KinetoTrace trace = KinetoReader.read(Path.of(arguments[0]));
        long millis = (System.nanoTime() - began) / 1_000_000;
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        long retained = runtime.totalMemory() - runtime.freeMemory();
        Files.writeString(Path.of(arguments[1]),
                trace.jobCount() + " " + trace.dependencyCount() + " " + retained + " " + millis);
    }
}
