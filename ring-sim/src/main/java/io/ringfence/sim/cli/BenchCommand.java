package io.ringfence.sim.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import io.ringfence.sim.bench.Answer;
import io.ringfence.sim.bench.Bench;
import io.ringfence.sim.bench.BenchmarkFailedException;
import io.ringfence.sim.bench.Effort;
import io.ringfence.sim.bench.Page;
import io.ringfence.sim.bench.Report;
import io.ringfence.sim.bench.Row;
import io.ringfence.sim.workshop.Machine;

import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the code costs beside what people use today and what the machine can do. */
@Command(name = "bench", mixinStandardHelpOptions = true,
        description = {
            "Runs the benchmarks behind the targets P1 to P11 in rounds: the limits of the machine, the peers, and ours, and says "
                    + "which targets are met. What is compared in nanoseconds takes turns in one process, all else has one of its "
                    + "own. Needs the source tree, Maven, and a quiet machine.",
            "Exit code: 0 whether or not targets are met, 1 a benchmark is broken, 2 wrong options or files."},
        footer = {"", "Examples:", "  ringfence bench --quick", "  ringfence bench --only P1,P2 --json now.json",
            "  ringfence bench --html bench.html --compare before.json"})
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick",
            description = "Within five minutes: up to three rounds of short iterations, only the peers of the targets.")
    private boolean quick;

    @Option(names = "--smoke",
            description = "One round, as short as can be: tells whether all benchmarks work, and nothing else.")
    private boolean smoke;

    @Option(names = "--only", paramLabel = "ID", split = ",",
            description = "P1 to P11; several are separated by commas (default all).")
    private List<String> only = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures to a file.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE",
            description = "Writes a page with box plots and curves of latencies.")
    private @Nullable Path html;

    @Option(names = "--compare", paramLabel = "FILE",
            description = "What an earlier --json has written: says what has moved beyond the noise.")
    private @Nullable Path compare;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    BenchCommand() {
    }

    @Override
    public Integer call() throws Exception {
        Set<String> names = names();
        for (Path file : new Path[] {json, html}) {
            if (file != null) {
                JsonFile.checkWritable(file);
            }
        }
        Report.Earlier before = compare == null ? null : earlier(compare);
        Path root = Path.of(System.getProperty("ringfence.home", "."));
        PrintWriter out = spec.commandLine().getOut();
        try (Bench bench = open(root); Shutdown _ = Shutdown.hook(bench::close)) {
            List<Answer> answers;
            Map<String, List<double[]>> latencies = Map.of();
            try (Progress progress = new Progress("bench", bench.steps(names.size(), html != null))) {
                answers = bench.run(names, progress::finished);
                if (html != null) {
                    latencies = bench.latencies();
                }
            }
            Report report =
                    new Report(Machine.describe(), Instant.now().truncatedTo(ChronoUnit.SECONDS), quick || smoke,
                            answers);
            write(report, latencies);
            print(out, report);
            if (bench.leftOut() != 0) {
                out.println("rounds left out, for there was no time: " + bench.leftOut());
            }
            if (before != null) {
                print(out, before, report);
            }
            out.flush();
            return 0;
        } catch (BenchmarkFailedException broken) {
            spec.commandLine().getErr().println("ringfence: " + broken.getMessage());
            spec.commandLine().getErr().flush();
            return Main.CHECK_FAILED;
        }
    }

    private Set<String> names() throws InputException {
        Set<String> names = new LinkedHashSet<>();
        for (String name : only.isEmpty() ? Bench.names() : only) {
            String upper = name.toUpperCase(Locale.ROOT);
            if (!Bench.names().contains(upper)) {
                throw new InputException("--only '" + name + "': must be one or more of " + Bench.names());
            }
            names.add(upper);
        }
        return names;
    }

    private static Report.Earlier earlier(Path file) throws InputException {
        try {
            return Report.read(file);
        } catch (IOException e) {
            throw new InputException("--compare " + file + ": " + e.getMessage());
        }
    }

    private Bench open(Path root) throws InputException {
        try {
            return new Bench(root, root.resolve("target").resolve("bench").toAbsolutePath(),
                    smoke ? Effort.SMOKE : quick ? Effort.QUICK : Effort.FULL);
        } catch (IOException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        }
    }

    private void write(Report report, Map<String, List<double[]>> latencies) throws IOException, InputException {
        if (json != null) {
            JsonFile.write(json, report::write);
        }
        if (html != null) {
            Files.writeString(html, Page.of(report, latencies), StandardCharsets.UTF_8);
        }
    }

    private static void print(PrintWriter out, Report report) {
        out.println(table(Row.HEADS, report.answers().stream().map(answer -> Row.of(answer).cells()).toList()));
        report.limits().forEach((name, figure) -> out.printf(Locale.ROOT, "limit: %s %.1f%n", name, figure));
        for (Answer answer : report.answers()) {
            answer.parts().stream().filter(part -> !part.met())
                    .forEach(part -> out.println("not met: " + answer.id() + " " + Row.text(part)));
        }
    }

    private static void print(PrintWriter out, Report.Earlier before, Report now) {
        if (!before.machine().equals(now.machine()) || before.quick() != now.quick()) {
            out.println("warning: the earlier run was " + (before.quick() ? "a quick one" : "a full one") + " on "
                    + before.machine() + "; this one is " + (now.quick() ? "a quick one" : "a full one") + " on "
                    + now.machine());
        }
        List<List<String>> rows = new ArrayList<>();
        for (Report.Move move : before.to(now)) {
            if (move.moved()) {
                rows.add(List.of(move.id(), move.name(), String.format(Locale.ROOT, "%.1f", move.before()),
                        String.format(Locale.ROOT, "%.1f", move.after()),
                        String.format(Locale.ROOT, "%+.0f %%", 100 * (move.after() / move.before() - 1))));
            }
        }
        out.println(rows.isEmpty() ? "nothing has moved beyond the noise"
                : "moved: all rounds of the one run lie on one side of all rounds of the other; of figures that did not change, one in "
                        + (now.quick() ? "10" : "126") + " looks so by chance\n"
                        + table(List.of("", "what", "before", "now", "change"), rows));
    }

    private static String table(List<String> heads, List<List<String>> rows) {
        List<ColumnData<List<String>>> columns = IntStream.range(0, heads.size())
                .mapToObj(i -> new Column().header(heads.get(i))
                        .dataAlign(i < 2 || heads.get(i).equals("unit") || heads.get(i).equals("peer")
                                ? HorizontalAlign.LEFT
                                : HorizontalAlign.RIGHT)
                        .<List<String>>with(row -> row.get(i)))
                .toList();
        return Tables.print(rows, columns);
    }
}
