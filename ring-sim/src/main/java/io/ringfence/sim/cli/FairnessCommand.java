package io.ringfence.sim.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import io.ringfence.sim.schedule.FairnessPage;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The page that compares our policies with the kernel's. */
@Command(name = "fairness", mixinStandardHelpOptions = true,
        description = {
            "Plays the scheduling tests of Linux under each policy, on a virtual clock, and writes the results beside those of the "
                    + "kernel, as Markdown. Always the same result.",
            "Exit code: 0 written, 2 wrong options, or a file that cannot be written."},
        footer = {"", "Examples:", "  ringfence fairness", "  ringfence fairness docs/fairness.md"})
final class FairnessCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Where to write it (default standard output).")
    private @Nullable Path file;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    FairnessCommand() {
    }

    @Override
    public Integer call() throws InputException {
        VirtualClock.require("fairness");
        if (file == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(FairnessPage.generate());
            out.flush();
            return 0;
        }
        JsonFile.checkWritable(file);
        String page = FairnessPage.generate();
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be written: " + e.getMessage());
        }
        return 0;
    }
}
