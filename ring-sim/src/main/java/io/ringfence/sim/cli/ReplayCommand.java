package io.ringfence.sim.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.kineto.KinetoReader;
import io.ringfence.sim.kineto.KinetoTrace;
import io.ringfence.sim.replay.KinetoReplay;
import io.ringfence.sim.replay.ReplayResult;
import io.ringfence.sim.replay.ScheduleCsv;
import io.ringfence.sim.run.DeviceSession;
import io.ringfence.sim.virtual.VirtualWorld;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.Workload;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays a recorded workload. */
@Command(name = "replay", mixinStandardHelpOptions = true,
        description = {
            "Replays a PyTorch Kineto trace (.json or .json.gz): each device operation as a delay of its recorded "
                    + "length, a queue for each stream, the recorded dependencies as fences.",
            "Exit code: 0 every rule kept, 1 an order or a dependency was broken, 2 wrong options or not such a trace."},
        footer = {"", "Examples:", "  ringfence replay trace.json.gz --virtual --honor-submit-times",
            "  ringfence replay trace.json --speed 10 --schedule schedule.csv --json result.json"})
final class ReplayCommand implements Callable<Integer> {

    private static final double SLOWEST = 0.001;
    private static final double FASTEST = 1000;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "The trace.")
    private Path file;

    @Option(names = "--virtual", description = "On a virtual clock: no waiting, always the same result.")
    private boolean virtual;

    @Option(names = "--speed", paramLabel = "X",
            description = "In real time, so many times faster than recorded: 0.001 to 1000 (default 1).")
    private @Nullable Double speed;

    @Option(names = "--honor-submit-times",
            description = "Jobs are submitted when they were launched, and begin no earlier than the earlier of the end of "
                    + "their launching call and their recorded start.")
    private boolean honorSubmitTimes;

    @Option(names = "--schedule", paramLabel = "FILE",
            description = "Writes when each job was submitted, began and ended, as CSV.")
    private @Nullable Path schedule;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result to a file.")
    private @Nullable Path json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ReplayCommand() {
    }

    @Override
    public Integer call() throws Exception {
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        ReplayResult result;
        try {
            result = checkedReplay();
        } catch (InputException | IllegalArgumentException wrong) {
            if (json != null) {
                JsonFile.write(json, out -> out.writeStringField("error", wrong.getMessage()));
            }
            throw wrong;
        }
        return report(result);
    }

    private ReplayResult checkedReplay() throws InputException, InterruptedException {
        double factor = checkOptions();
        KinetoTrace trace = read();
        VirtualWorld world = virtual ? VirtualWorld.install() : null;
        try {
            return replay(trace, world, factor);
        } finally {
            if (world != null) {
                world.uninstall();
            }
        }
    }

    private double checkOptions() throws InputException {
        if (virtual && speed != null) {
            throw new InputException("--speed " + speed + ": has no meaning with --virtual");
        }
        double factor = speed == null ? 1 : speed;
        if (!(factor >= SLOWEST && factor <= FASTEST)) {
            throw new InputException("--speed " + speed + ": must be 0.001 to 1000");
        }
        if (virtual && !Seam.ON) {
            throw new InputException(
                    "--virtual: needs the JVM option -D" + Seam.PROPERTY + "=true, which the launcher sets");
        }
        if (schedule != null) {
            JsonFile.checkWritable(schedule);
        }
        return factor;
    }

    private KinetoTrace read() throws InputException {
        KinetoTrace trace;
        try {
            trace = KinetoReader.read(file);
        } catch (TraceFormatException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage());
        }
        PrintWriter err = spec.commandLine().getErr();
        trace.warnings().forEach(warning -> err.println("ringfence: warning: " + warning));
        err.flush();
        return trace;
    }

    private ReplayResult replay(KinetoTrace trace, @Nullable VirtualWorld world, double factor)
            throws InterruptedException {
        DeviceSession session = new DeviceSession(KinetoReplay.device(trace));
        Thread worker = Thread.currentThread();
        // On the virtual clock there is one thread and nothing to close in order: the process may simply end.
        Runnable stop = world != null ? () -> {} : () -> {
            // It may wait for a launch that is hours away, and it holds what the killed jobs wait for.
            worker.interrupt();
            session.stop();
        };
        try (Shutdown _ = Shutdown.hook(stop); session;
                Progress progress = new Progress("replay", trace.jobCount())) {
            return new KinetoReplay(trace, honorSubmitTimes, session, world, factor).work(progress::finished);
        } catch (IllegalStateException e) {
            if (session.isStopping()) {
                throw new InterruptedException("the replay was stopped");
            }
            throw e;
        }
    }

    private int report(ReplayResult result) throws InputException {
        if (json != null) {
            JsonFile.write(json, body(result));
        }
        if (schedule != null) {
            try {
                ScheduleCsv.write(schedule, result);
            } catch (IOException e) {
                throw new InputException(schedule + ": cannot be written: " + e.getMessage());
            }
        }
        Workload trace = result.trace();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"queues", String.valueOf(trace.queueCount())});
        rows.add(new String[] {"jobs", String.valueOf(trace.jobCount())});
        rows.add(new String[] {"completed", String.valueOf(result.completed())});
        rows.add(new String[] {"dependencies", String.valueOf(trace.dependencyCount())});
        rows.add(new String[] {"dependency violations", String.valueOf(result.dependencyViolations())});
        rows.add(new String[] {"order violations", String.valueOf(result.orderViolations())});
        rows.add(new String[] {"starts within 100 µs", String.valueOf(result.startsMatched())});
        rows.add(new String[] {"worst start, µs", ScheduleCsv.micros(result.worstStartNanos())});
        rows.add(new String[] {"makespan recorded, µs", ScheduleCsv.micros(result.recordedMakespanNanos())});
        rows.add(new String[] {"makespan, µs", ScheduleCsv.micros(result.makespanNanos())});
        PrintWriter out = spec.commandLine().getOut();
        out.println(Tables.figures(rows));
        result.failures().forEach(failure -> out.println("failed: " + failure));
        out.flush();
        return result.isCorrect() ? 0 : Main.CHECK_FAILED;
    }

    private static JsonFile.Body body(ReplayResult result) {
        return out -> {
            Workload trace = result.trace();
            out.writeNumberField("jobs", trace.jobCount());
            out.writeNumberField("completed", result.completed());
            out.writeNumberField("queues", trace.queueCount());
            out.writeNumberField("dependencies", trace.dependencyCount());
            out.writeNumberField("dependency_violations", result.dependencyViolations());
            out.writeNumberField("order_violations", result.orderViolations());
            out.writeNumberField("starts_matched", result.startsMatched());
            out.writeNumberField("worst_start_us", new BigDecimal(ScheduleCsv.micros(result.worstStartNanos())));
            out.writeNumberField("makespan_recorded_us",
                    new BigDecimal(ScheduleCsv.micros(result.recordedMakespanNanos())));
            out.writeNumberField("makespan_us", new BigDecimal(ScheduleCsv.micros(result.makespanNanos())));
            out.writeArrayFieldStart("warnings");
            for (String warning : trace.warnings()) {
                out.writeString(warning);
            }
            out.writeEndArray();
        };
    }
}
