package io.ringfence.sim.ftrace;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/**
 * Writes what amdgpu would have: contexts on one ring that executes in order, two jobs at a time in the order of submission, each decision
 * told up to 50 µs late. Four events a job, of which one is the scheduled fence.
 */
public final class FtraceGenerator {

    /** Events of each job. */
    public static final int EVENTS = 4;

    private static final int CREDITS = 2;
    private static final int CONTEXTS = 8;
    private static final int FIRST_CONTEXT = 101;

    private record Event(long time, long order, String text) {
    }

    private final int jobs;
    private final SplittableRandom random;
    private final PriorityQueue<Event> pending =
            new PriorityQueue<>(Comparator.comparingLong(Event::time).thenComparingLong(Event::order));
    private long order;

    public FtraceGenerator(int jobs, long seed) {
        this.jobs = jobs;
        random = new SplittableRandom(seed);
    }

    /** Writes the file, compressed if its name ends so. */
    public void write(Path file) throws IOException {
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream packed = file.toString().endsWith(".gz") ? new GZIPOutputStream(raw, 1 << 16) : raw;
                Writer out = new BufferedWriter(new OutputStreamWriter(packed, StandardCharsets.UTF_8), 1 << 16)) {
            out.write("# tracer: nop\n");
            write(out);
        }
    }

    private void write(Writer out) throws IOException {
        long[] done = new long[CREDITS];
        long last = 0;
        long submit = 1_000_000_000L;
        for (int job = 0; job < jobs; job++) {
            submit += 1_000 + random.nextLong(180_000);
            long context = FIRST_CONTEXT + 2L * random.nextInt(CONTEXTS);
            long decided = Math.max(submit, done[job % CREDITS]);
            long run = decided + random.nextLong(50_000);
            long end = Math.max(run, last) + 1_000 + random.nextLong(150_000);
            done[job % CREDITS] = end;
            last = end;
            String fields = "timeline=gfx, context=" + context + ", seqno=" + (job + 1);
            flush(out, submit);
            add(submit, "      client <" + context + ">-" + context + "  [001]", "amdgpu_cs_ioctl: sched_job=" + job
                    + ", " + fields + ", num_ibs=1");
            add(run, "             gfx-190    [000]", "amdgpu_sched_run_job: sched_job=" + job + ", " + fields
                    + ", num_ibs=1");
            add(run, "             gfx-190    [000]", "dma_fence_signaled: driver=amd_sched, timeline=gfx, context="
                    + (context - 1) + ", seqno=" + (job + 1));
            add(end, "          <idle>-0      [001]", "dma_fence_signaled: driver=amd_sched, " + fields);
        }
        flush(out, Long.MAX_VALUE);
    }

    private void add(long time, String task, String what) {
        String fraction = String.valueOf(1_000_000_000 + time % 1_000_000_000).substring(1);
        pending.add(new Event(time, order++, task + " " + time / 1_000_000_000 + "." + fraction + ": " + what));
    }

    private void flush(Writer out, long before) throws IOException {
        for (Event first = pending.peek(); first != null && first.time() < before; first = pending.peek()) {
            out.write(first.text());
            out.write('\n');
            pending.remove();
        }
    }

    /** Writes a trace: the file, then the number of jobs. */
    public static void main(String[] arguments) throws IOException {
        new FtraceGenerator(Integer.parseInt(arguments[1]), 1).write(Path.of(arguments[0]));
    }
}
