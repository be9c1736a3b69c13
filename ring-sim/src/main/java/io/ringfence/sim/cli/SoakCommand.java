package io.ringfence.sim.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.ringfence.sim.soak.Soak;
import io.ringfence.sim.soak.SoakResult;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everything at once, for as long as one likes. */
@Command(name = "soak", mixinStandardHelpOptions = true,
        description = {
            "Real threads against firmware that misbehaves at random, with queues that are killed, closed, banned, reset and "
                    + "taken away, batches, budgets and cancels; counts whatever is lost, done twice or out of order.",
            "Exit code: 0 nothing was, 1 something was, 2 wrong options."},
        footer = {"", "Examples:", "  ringfence soak", "  ringfence soak --seconds 600 --json soak.json"})
final class SoakCommand implements Callable<Integer> {

    private static final int LONGEST = 86_400;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "20",
            description = "How long jobs are submitted: 1 to 86400 (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Where the random choices begin: any whole number of 64 bits (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result to a file.")
    private @Nullable Path json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SoakCommand() {
    }

    @Override
    public Integer call() throws Exception {
        if (seconds < 1 || seconds > LONGEST) {
            throw new InputException("--seconds " + seconds + ": must be 1 to " + LONGEST);
        }
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        // What queues warn of here is wanted.
        Logger quiet = Logger.getLogger("io.ringfence");
        Level before = quiet.getLevel();
        quiet.setLevel(Level.OFF);
        Soak soak = new Soak(Duration.ofSeconds(seconds), seed);
        SoakResult result;
        try (Shutdown _ = Shutdown.hook(soak::stop); Progress progress = new Progress("soak", seconds * 1000L)) {
            result = soak.run(progress::finished);
        } finally {
            quiet.setLevel(before);
        }
        if (json != null) {
            write(json, result);
        }
        report(spec.commandLine().getOut(), result);
        return result.isClean() ? 0 : Main.CHECK_FAILED;
    }

    private void write(Path file, SoakResult result) throws InputException {
        JsonFile.write(file, writer -> {
            writer.writeNumberField("seconds", result.seconds());
            writer.writeNumberField("seed", seed);
            for (Figure figure : figures(result)) {
                writer.writeNumberField(figure.name, figure.count);
            }
            writer.writeArrayFieldStart("wrong");
            for (String what : result.wrong()) {
                writer.writeString(what);
            }
            writer.writeEndArray();
        });
    }

    private record Figure(String name, long count) {
    }

    private static List<Figure> figures(SoakResult result) {
        return List.of(new Figure("jobs", result.jobs()), new Figure("traced", result.traced()),
                new Figure("ok", result.ok()),
                new Figure("lost", result.lost()), new Figure("run_twice", result.runTwice()),
                new Figure("unsignaled", result.unsignaled()),
                new Figure("order_violations", result.orderViolations()), new Figure("hangs", result.hangs()),
                new Figure("resets", result.resets()), new Figure("replayed", result.replayed()),
                new Figure("victims", result.victims()), new Figure("kills", result.kills()),
                new Figure("bans", result.bans()), new Figure("cancels", result.cancels()),
                new Figure("closes", result.closes()), new Figure("devices_lost", result.devicesLost()));
    }

    private static void report(PrintWriter out, SoakResult result) {
        out.println(Tables.figures(figures(result).stream()
                .map(figure -> new String[] {figure.name, String.format(Locale.ROOT, "%,d", figure.count)}).toList()));
        result.wrong().forEach(out::println);
        out.printf(Locale.ROOT, "%s in %.1f s%n",
                result.isClean() ? "clean: nothing lost, run twice, unsignaled or out of order"
                        : "NOT CLEAN",
                result.seconds());
        out.flush();
    }
}
