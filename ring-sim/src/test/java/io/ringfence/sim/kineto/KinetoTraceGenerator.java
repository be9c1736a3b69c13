package io.ringfence.sim.kineto;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;

/**
 * Writes synthetic traces of any size, event by event, the same for the same settings. One host thread launches kernels
 * on random streams of all devices; now and then one stream is made to wait for an event of another stream of its
 * device. Devices run each stream in order and honour the waits, so the recorded times contradict no dependency.
 */
final class KinetoTraceGenerator {

    private static final int NAMES = 200;

    private final int operations;
    private final int streams;
    private final int waitEvery;
    private final Random random;

    /** Latest job of each queue, -1 before the first, and when it ends. */
    private final int[] latest;

    private final long[] freeAt;

    /** What the next job of each queue waits for. */
    private final List<Set<Integer>> waitsFor = new ArrayList<>();

    private final long[] waitsUntil;
    private long hostMicros = 1_700_000_000_000_000L;
    private long correlation;
    private int streamEdges;
    private int crossEdges;

    /** What a reader must find. */
    record Summary(int jobs, int streamEdges, int crossEdges) {}

    KinetoTraceGenerator(int operations, int streams, int devices, int waitEvery, long seed) {
        this.operations = operations;
        this.streams = streams;
        this.waitEvery = waitEvery;
        this.random = new Random(seed);
        int queues = streams * devices;
        latest = new int[queues];
        freeAt = new long[queues];
        waitsUntil = new long[queues];
        for (int queue = 0; queue < queues; queue++) {
            latest[queue] = -1;
            waitsFor.add(new TreeSet<>());
        }
    }

    /** Writes the trace, compressed if the file's name ends in ".gz". */
    Summary write(Path file) throws IOException {
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(raw, 1 << 16) : raw;
                Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16)) {
            writer.write("{\"schemaVersion\": 1, \"displayTimeUnit\": \"ms\", \"traceEvents\": [\n");
            for (int job = 0; job < operations; job++) {
                if (job > 0 && job % waitEvery == 0) {
                    writeWait(writer);
                }
                writeJob(writer, job);
                writer.write(job + 1 < operations ? ",\n" : "\n");
            }
            writer.write("], \"traceName\": \"generated\", \"baseTimeNanoseconds\": 0}\n");
        }
        return new Summary(operations, streamEdges, crossEdges);
    }

    private void writeJob(Writer writer, int job) throws IOException {
        int queue = random.nextInt(latest.length);
        long launched = tick();
        long start = Math.max(launched + 6, Math.max(freeAt[queue], waitsUntil[queue]));
        long duration = 1L + random.nextInt(20);
        String name = "void at::native::elementwise_kernel<128, 4, at::native::gpu_kernel_impl<functor_"
                + random.nextInt(NAMES) + ">(at::TensorIteratorBase&)::{lambda(int)#1}>(int)";
        correlation++;
        writer.write(call("cudaLaunchKernel", 211, correlation, launched, 5));
        writer.write(",\n");
        writer.write("{\"ph\": \"X\", \"cat\": \"kernel\", \"name\": \"" + name + "\", \"pid\": " + queue / streams
                + ", \"tid\": " + stream(queue) + ", \"ts\": " + start + "." + (100 + random.nextInt(800))
                + ", \"dur\": " + duration + ", \"args\": {\"External id\": " + correlation + ", \"queued\": 0"
                + ", \"device\": " + queue / streams + ", \"context\": 1, \"stream\": " + stream(queue)
                + ", \"correlation\": " + correlation
                + ", \"registers per thread\": 32, \"shared memory\": 0, \"blocks per SM\": 1.185185,"
                + " \"warps per SM\": 4.740741, \"grid\": [128, 1, 1], \"block\": [128, 1, 1],"
                + " \"est. achieved occupancy %\": 7}}");
        streamEdges += latest[queue] >= 0 ? 1 : 0;
        crossEdges += waitsFor.get(queue).size();
        waitsFor.get(queue).clear();
        latest[queue] = job;
        freeAt[queue] = start + duration + 1;
    }

    private void writeWait(Writer writer) throws IOException {
        int from = random.nextInt(latest.length);
        int to = from / streams * streams + random.nextInt(streams);
        correlation++;
        long record = correlation;
        writer.write(call("cudaEventRecord", 135, record, tick(), 1));
        writer.write(",\n");
        correlation++;
        long wait = tick();
        writer.write(call("cudaStreamWaitEvent", 147, correlation, wait, 1));
        writer.write(",\n");
        writer.write(TraceText.waitRecord(
                from / streams, stream(to), correlation, String.valueOf(wait + 1), stream(from), record));
        writer.write(",\n");
        if (from != to && latest[from] >= 0) {
            waitsFor.get(to).add(latest[from]);
            waitsUntil[to] = Math.max(waitsUntil[to], freeAt[from]);
        }
    }

    private String call(String name, int cbid, long id, long ts, int dur) {
        return "{\"ph\": \"X\", \"cat\": \"cuda_runtime\", \"name\": \"" + name
                + "\", \"pid\": 4711, \"tid\": 4711, \"ts\": " + ts + ".000, \"dur\": " + dur
                + ", \"args\": {\"External id\": " + id + ", \"cbid\": " + cbid + ", \"correlation\": " + id + "}}";
    }

    private long tick() {
        hostMicros += 1 + random.nextInt(10);
        return hostMicros;
    }

    private long stream(int queue) {
        return 7L + queue % streams;
    }
}
