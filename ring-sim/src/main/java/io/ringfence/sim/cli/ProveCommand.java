package io.ringfence.sim.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import io.ringfence.sim.prove.Proof;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows that the claims about memory ordering hold, and that the tests would see it if they did not. */
@Command(name = "prove", mixinStandardHelpOptions = true,
        description = {
            "Runs every claim of docs/memory-ordering.md against its jcstress tests and their controls, the litmus models "
                    + "(if there is a herd7), the layout of objects, the explorer, and PIT; writes report.md and report.html.",
            "Needs the source tree, Maven, and a quiet machine.",
            "Exit code: 0 everything holds, 1 something does not, 2 wrong options or something cannot be run."},
        footer = {"", "Examples:", "  ringfence prove --quick", "  ringfence prove --only claims,litmus"})
final class ProveCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--quick", description = "In less than ten minutes: few samples, few schedules, no mutants.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "CHECK", split = ",",
            description = "claims, litmus, jvm, schedules or mutants; several are separated by commas (default all).")
    private List<String> only = List.of();

    @Option(names = "--out", paramLabel = "FOLDER",
            description = "Where to write (default target/prove of the source tree).")
    private @Nullable Path out;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ProveCommand() {
    }

    @Override
    public Integer call() throws Exception {
        Set<String> checks = new LinkedHashSet<>(only.isEmpty() ? Proof.names() : only);
        for (String check : checks) {
            if (!Proof.names().contains(check)) {
                throw new InputException("--only '" + check + "': must be one or more of " + Proof.names());
            }
        }
        Path root = Path.of(System.getProperty("ringfence.home", "."));
        if (!Files.isRegularFile(root.resolve("docs/memory-ordering.md"))) {
            throw new InputException(root.toAbsolutePath() + ": is not the source tree of ringfence, which this needs");
        }
        Path folder = out == null ? root.resolve("target").resolve("prove") : out;
        PrintWriter print = spec.commandLine().getOut();
        try (Proof proof = new Proof(root, folder.toAbsolutePath(), quick); Shutdown _ = Shutdown.hook(proof::close)) {
            boolean holds = proof.run(checks, name -> {
                print.println(name + " ...");
                print.flush();
            }, verdict -> {
                print.printf("%s: %s (%d s)%n", verdict.title(), verdict.verdict(), verdict.seconds());
                print.flush();
            });
            print.println((holds ? "everything holds" : "NOT EVERYTHING HOLDS") + "; "
                    + folder.resolve("report.md").normalize() + ", report.html");
            print.flush();
            return holds ? 0 : Main.CHECK_FAILED;
        } catch (IOException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        }
    }
}
