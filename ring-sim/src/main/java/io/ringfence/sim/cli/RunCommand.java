package io.ringfence.sim.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;

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
            "Exit code: 0 verified, 1 not, 2 wrong options."},
        footer = {"", "Examples:", "  ringfence run", "  ringfence run --queues 8 --size 1024 --tile 128 --repeat 2",
            "  ringfence run --credits 1 --json result.json"})
final class RunCommand implements Callable<Integer> {

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
        DeviceSession session = new DeviceSession(MatrixRun.device(settings));
        try (Shutdown _ = Shutdown.hook(session::stop); session) {
            MatrixRun run = new MatrixRun(settings, session);
            RunResult result;
            try (Progress progress = new Progress("matrix product", run.plannedJobs())) {
                result = run.work(progress::finished);
            }
            return report(settings, result);
        } catch (IllegalStateException e) {
            if (session.isStopping()) {
                return Main.CHECK_FAILED;
            }
            throw e;
        }
    }

    private int report(RunSettings settings, RunResult result) throws InputException {
        if (json != null) {
            JsonFile.write(json, RunReport.json(settings, result));
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
        out.println(result.verified() ? "verified: every product equals the reference bit for bit"
                : "NOT VERIFIED: a product differs from the reference or a job failed");
        out.flush();
        return result.verified() ? 0 : Main.CHECK_FAILED;
    }

    private static String nanos(Histogram trips, double percentile) {
        return String.format(Locale.ROOT, "%,d ns", trips.getValueAtPercentile(percentile));
    }
}
