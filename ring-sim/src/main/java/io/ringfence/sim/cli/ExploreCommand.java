package io.ringfence.sim.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;

import io.ringfence.sim.explore.Exploration;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks for schedules that break a rule. */
@Command(name = "explore", mixinStandardHelpOptions = true,
        description = {
            "Plays short programs on the real queue code under a scheduler that chooses every interleaving, and checks "
                    + "all rules at each step.",
            "Exit code: 0 no rule was broken, 1 one was, 2 wrong options."},
        footer = {"", "Examples:", "  ringfence explore", "  ringfence explore --scenario budget --seeds 100000",
            "  ringfence explore --scenario two-producers --strategy systematic",
            "  ringfence explore --scenario budget --seed 4711   (one schedule again)"})
final class ExploreCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--scenario", paramLabel = "NAME",
            description = "A scenario; may be given again (default all; those that are small if systematic).")
    private List<String> scenarios = List.of();

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "20000",
            description = "Schedules in all, spread over the scenarios: 1 or more (default ${DEFAULT-VALUE}).")
    private long seeds;

    @Option(names = "--seed", paramLabel = "S",
            description = "Plays the one schedule of this seed again: any whole number of 64 bits.")
    private @Nullable Long seed;

    @Option(names = "--from", paramLabel = "S", defaultValue = "1",
            description = "Where the seeds begin: any whole number of 64 bits (default ${DEFAULT-VALUE}).")
    private long from;

    @Option(names = "--strategy", paramLabel = "HOW", defaultValue = "mixed",
            description = "mixed, random, pct or systematic (default ${DEFAULT-VALUE}).")
    private Exploration.Strategies strategy;

    @Option(names = "--list", description = "Names the scenarios and what may go wrong in them.")
    private boolean list;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result to a file.")
    private @Nullable Path json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ExploreCommand() {
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            out.println(Tables.print(Exploration.names(),
                    List.of(new Column().header("scenario").dataAlign(HorizontalAlign.LEFT).<String>with(name -> name),
                            new Column().header("what may go wrong").dataAlign(HorizontalAlign.LEFT).maxWidth(100)
                                    .with(Exploration::about))));
            out.flush();
            return 0;
        }
        if (seed != null && scenarios.size() != 1) {
            throw new InputException("--seed " + seed + ": needs exactly one --scenario");
        }
        if (seed != null && strategy == Exploration.Strategies.SYSTEMATIC) {
            throw new InputException("--seed " + seed + ": a systematic search has no seeds");
        }
        Exploration.Plan plan = new Exploration.Plan(scenarios, seeds, seed == null ? from : seed, seed != null,
                strategy);
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        // Scenarios do on purpose what queues warn of.
        Logger quiet = Logger.getLogger("io.ringfence");
        quiet.setLevel(Level.OFF);
        long start = System.nanoTime();
        Exploration.Result result;
        try (Progress progress = new Progress("explore", plan.repeat() ? 1 : plan.schedules())) {
            result = new Exploration(plan).explore(progress::finished);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (json != null) {
            write(json, result, seconds);
        }
        report(out, result, seconds);
        return result.violations().isEmpty() ? 0 : Main.CHECK_FAILED;
    }

    private static void report(PrintWriter out, Exploration.Result result, double seconds) {
        out.println(Tables.print(result.lines(),
                List.of(new Column().header("scenario").dataAlign(HorizontalAlign.LEFT).<
                        Exploration.Line>with(Exploration.Line::name),
                        new Column().header("schedules").with(line -> String.valueOf(line.schedules())),
                        new Column().header("steps").with(line -> String.valueOf(line.steps())),
                        new Column().header("violations").with(line -> String.valueOf(line.violations())),
                        new Column().header("all up to").with(line -> line.covered() < 0 ? ""
                                : line.covered() + (line.covered() == 1 ? " preemption" : " preemptions")))));
        for (Exploration.Violation violation : result.violations()) {
            out.println(Exploration.describe(violation));
        }
        out.printf(Locale.ROOT, "%d schedules, %d steps, %d violations in %.1f s%n", result.schedules(), result.steps(),
                result.violations().size(), seconds);
        out.flush();
    }

    private static void write(Path file, Exploration.Result result, double seconds) throws InputException {
        JsonFile.write(file, writer -> {
            writer.writeNumberField("schedules", result.schedules());
            writer.writeNumberField("steps", result.steps());
            writer.writeNumberField("violations", result.violations().size());
            writer.writeNumberField("seconds", seconds);
            writer.writeArrayFieldStart("scenarios");
            for (Exploration.Line line : result.lines()) {
                writer.writeStartObject();
                writer.writeStringField("name", line.name());
                writer.writeNumberField("schedules", line.schedules());
                writer.writeNumberField("steps", line.steps());
                writer.writeNumberField("violations", line.violations());
                writer.writeNumberField("preemptions_covered", line.covered());
                writer.writeEndObject();
            }
            writer.writeEndArray();
            writer.writeArrayFieldStart("found");
            for (Exploration.Violation violation : result.violations()) {
                writer.writeStartObject();
                writer.writeStringField("scenario", violation.scenario());
                writer.writeStringField("repeat", violation.repeat());
                writer.writeStringField("what", violation.what());
                writer.writeStringField("moves", violation.moves());
                writer.writeArrayFieldStart("trace");
                for (String line : violation.trace()) {
                    writer.writeString(line);
                }
                writer.writeEndArray();
                writer.writeEndObject();
            }
            writer.writeEndArray();
        });
    }
}
