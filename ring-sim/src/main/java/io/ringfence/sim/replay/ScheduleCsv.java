package io.ringfence.sim.replay;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import io.ringfence.sim.workload.Workload;

/** Writes when everything happened as CSV, for checks from the outside. */
public final class ScheduleCsv {

    private static final String HEADER = "id,queue,submit_us,start_us,end_us,deps";

    private ScheduleCsv() {
    }

    /**
     * Writes the file: a line a job in host order, times in microseconds since the first launch, dependencies (the one
     * before on the same queue included) separated by spaces.
     *
     * @param file   where
     * @param result what
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, ReplayResult result) throws IOException {
        Workload trace = result.trace();
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write(HEADER);
            out.write('\n');
            for (int job = 0; job < trace.jobCount(); job++) {
                out.write(job + "," + trace.queueName(trace.queue(job)) + ","
                        + micros(result.submitNanos(job)) + "," + micros(result.startNanos(job)) + ","
                        + micros(result.endNanos(job)) + "," + dependencies(trace, job));
                out.write('\n');
            }
        }
    }

    /**
     * Nanoseconds as microseconds, exactly.
     *
     * @param nanos nanoseconds
     * @return a decimal number without needless zeros
     */
    public static String micros(long nanos) {
        return BigDecimal.valueOf(nanos, 3).stripTrailingZeros().toPlainString();
    }

    private static String dependencies(Workload trace, int job) {
        StringBuilder text = new StringBuilder();
        for (int dependency : trace.dependencies(job)) {
            if (!trace.waitsForEnd(job, dependency)) {
                continue;
            }
            if (!text.isEmpty()) {
                text.append(' ');
            }
            text.append(dependency);
        }
        return text.toString();
    }
}
