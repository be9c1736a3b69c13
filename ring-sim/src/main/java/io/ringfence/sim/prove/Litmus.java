package io.ringfence.sim.prove;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import io.ringfence.sim.workshop.Workshop;

/** The litmus models of the central handshakes, if there is a herd7 to check them. */
final class Litmus implements Check {

    private static final int NO_HERD = 77;

    @Override
    public String name() {
        return "litmus";
    }

    @Override
    public Section run(Workshop workshop, boolean quick) throws IOException, InterruptedException {
        Path script = workshop.root().resolve("docs/litmus/check.sh");
        Workshop.Ended ran = workshop.run("litmus", workshop.root(), List.of("bash", script.toString()));
        String table = ran.lines().stream().filter(line -> line.startsWith("|")).collect(Collectors.joining("\n"));
        if (ran.code() == NO_HERD) {
            return new Section("Litmus models",
                    "not checked here: there is no herd7 on this machine (docs/litmus/README.md)",
                    true, Section.printed(ran.tail()));
        }
        boolean holds = ran.code() == 0;
        return new Section("Litmus models", holds
                ? table.lines().count() - 2 + " models: what ships is forbidden to fail, what is weakened is allowed to"
                : "a model is NOT as expected", holds,
                holds ? table + "\n" : Section.printed(String.join("\n", ran.lines())));
    }
}
