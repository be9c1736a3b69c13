package io.ringfence.sim.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;

import io.ringfence.sim.device.Finding;
import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.faults.FaultPlan;
import io.ringfence.sim.faults.FaultPlanException;
import io.ringfence.sim.run.DeviceSession;
import io.ringfence.sim.run.MatrixRun;
import io.ringfence.sim.run.RunResult;
import io.ringfence.sim.run.RunSettings;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The main job. */
@Command(name = "run", mixinStandardHelpOptions = true,
        description = {
            "Multiplies matrices in tiles on several queues of the embedded firmware and checks the products "
                    + "bit for bit against plain Java.",
            "Exit code: 0 verified, 1 not, or a fault struck, 2 wrong options."},
        footer = {"", "Examples:", "  ringfence run", "  ringfence run --queues 8 --size 1024 --tile 128 --repeat 2",
            "  ringfence run --credits 1 --json result.json",
            "  ringfence run --faults 'hang ring=2 seqno=10'"})
final class RunCommand implements Callable<Integer> {

    private static final int SHOWN_FINDINGS = 20;

    @Spec
    private CommandSpec spec;

    @Option(names = "--queues", paramLabel = "N", defaultValue = "4",
            description = "Queues that compute, besides one that uploads and one that reduces: 1 to 64 "
                    + "(default ${DEFAULT-VALUE}).")
    private int queues;

    @Option(names = "--size", paramLabel = "N", defaultValue = "512",
            description = "Rows and columns of the matrices: 8 to 2048 (default ${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--tile", paramLabel = "N", defaultValue = "64",
            description = "Rows and columns of a tile: 4 to 256, at most --size (default ${DEFAULT-VALUE}).")
    private int tile;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "64",
            description = "How many products, each of other matrices: 1 to 100000 (default ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(names = "--credits", paramLabel = "N", defaultValue = "64",
            description = "Jobs a queue may have on the device: 1 to 1024 (default ${DEFAULT-VALUE}).")
    private int credits;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "Where the random matrices begin: any whole number of 64 bits (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--faults", paramLabel = "PLAN",
            description = "How the firmware is to misbehave: a file, or the plan itself if there is no such file; "
                    + "see docs/faults.md. If any fault strikes, the exit code is 1.")
    private @Nullable String faults;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result to a file.")
    private @Nullable Path json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    RunCommand() {
    }

    @Override
    public Integer call() throws Exception {
        RunSettings settings = new RunSettings(queues, size, tile, repeat, credits, seed);
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        FaultPlan plan = plan();
        DeviceSession session = new DeviceSession(MatrixRun.device(settings).withFaults(plan));
        try (Shutdown _ = Shutdown.hook(session::stop); session) {
            MatrixRun run = new MatrixRun(settings, session);
            RunResult result;
            try (Progress progress = new Progress("matrix product", run.plannedJobs())) {
                result = run.work(progress::finished);
            }
            session.close();
            return report(settings, result, session);
        } catch (IllegalStateException e) {
            session.close();
            if (!session.findings().isEmpty()) {
                return reportFaults(session, e);
            }
            if (session.isStopping()) {
                return Main.CHECK_FAILED;
            }
            throw e;
        }
    }

    private FaultPlan plan() throws InputException {
        if (faults == null) {
            return FaultPlan.none();
        }
        boolean isFile = isFile(faults);
        try {
            return isFile ? FaultPlan.read(Path.of(faults)) : FaultPlan.parse(faults);
        } catch (FaultPlanException e) {
            throw new InputException((isFile ? "--faults " + faults + ": " : "--faults: ") + e.getMessage());
        } catch (IOException e) {
            throw new InputException("--faults " + faults + ": " + e.getMessage());
        }
    }

    private static boolean isFile(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The run could not go on: what the device did is all there is to tell. */
    private int reportFaults(DeviceSession session, IllegalStateException end) throws InputException {
        if (json != null) {
            JsonFile.write(json, body -> {
                body.writeBooleanField("verified", false);
                body.writeStringField("error", String.valueOf(end.getMessage()));
                RunReport.faults(body, session);
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        printFaults(out, session);
        out.println("NOT VERIFIED: " + end.getMessage());
        out.flush();
        return Main.CHECK_FAILED;
    }

    private static void printFaults(PrintWriter out, DeviceSession session) {
        List<FaultDice.Struck> struck = session.firmware().struckFaults();
        if (!struck.isEmpty()) {
            out.println(Tables.print(struck,
                    List.of(new Column().header("fault").dataAlign(HorizontalAlign.LEFT).<
                            FaultDice.Struck>with(fault -> fault.fault().toString()),
                            new Column().header("struck").with(fault -> String.valueOf(fault.count())))));
        }
        List<Finding> findings = session.findings();
        if (!findings.isEmpty()) {
            out.println(Tables.print(findings.subList(0, Math.min(SHOWN_FINDINGS, findings.size())),
                    List.of(new Column().header("found").dataAlign(HorizontalAlign.LEFT).<
                            Finding>with(finding -> finding.kind().text()),
                            new Column().header("what was seen").dataAlign(HorizontalAlign.LEFT).maxWidth(100)
                                    .with(Finding::text))));
            if (findings.size() > SHOWN_FINDINGS) {
                out.println("and " + (findings.size() - SHOWN_FINDINGS) + " more");
            }
        }
    }

    private int report(RunSettings settings, RunResult result, DeviceSession session) throws InputException {
        if (json != null) {
            JsonFile.write(json, body -> {
                RunReport.json(settings, result).write(body);
                RunReport.faults(body, session);
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        Histogram trips = result.roundTrips();
        List<String[]> rows = List.of(new String[] {"products", String.valueOf(settings.repeat())},
                new String[] {"jobs", String.valueOf(result.jobs())},
                new String[] {"failed", String.valueOf(result.failed())},
                new String[] {"jobs/s", String.format(Locale.ROOT, "%.0f", result.jobsPerSecond())},
                new String[] {"round trip p50", nanos(trips, 50)}, new String[] {"round trip p99", nanos(trips, 99)},
                new String[] {"round trip p99.9", nanos(trips, 99.9)});
        out.println(Tables.figures(rows));
        out.println(Tables.print(result.queues(),
                List.of(new Column().header("queue").dataAlign(HorizontalAlign.LEFT).<
                        RunResult.QueueShare>with(RunResult.QueueShare::name),
                        new Column().header("jobs").with(share -> String.valueOf(share.jobs())),
                        new Column().header("failed").with(share -> String.valueOf(share.failed())))));
        if (result.firstFailure() != null) {
            out.println("first failure: " + result.firstFailure().message());
        }
        printFaults(out, session);
        out.println(result.verified() ? "verified: every product equals the reference bit for bit"
                : "NOT VERIFIED: a product differs from the reference or a job failed");
        out.flush();
        boolean struck = session.firmware().struckFaults().stream().anyMatch(fault -> fault.count() > 0);
        return result.verified() && !struck && session.findings().isEmpty() ? 0 : Main.CHECK_FAILED;
    }

    private static String nanos(Histogram trips, double percentile) {
        return String.format(Locale.ROOT, "%,d ns", trips.getValueAtPercentile(percentile));
    }
}
