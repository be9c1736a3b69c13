package io.ringfence.sim.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ringfence.sim.workshop.Workshop;

/** Runs the jcstress tests in processes of their own, and reads what they have seen. */
final class Jcstress {

    private static final String RESULTS = "io.ringfence.jcstress.report.Results";

    private final Workshop workshop;
    private final Path jar;

    /**
     * Builds the tests if they are not there.
     *
     * @throws IOException          if they cannot be built
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    Jcstress(Workshop workshop) throws IOException, InterruptedException {
        this.workshop = workshop;
        jar = workshop.root().resolve("jcstress-tests/target/jcstress.jar");
        if (!workshop.isNewer(jar, "core/src/main", "jcstress-tests/src/main")) {
            Workshop.Ended built = workshop.maven("jcstress-build", "-q", "-pl", "core,jcstress-tests",
                    "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "package");
            if (built.code() != 0) {
                throw new IOException("the jcstress tests cannot be built: " + built.tail());
            }
        }
    }

    /**
     * Runs tests.
     *
     * @param name   what this run is called; its folder is emptied
     * @param mode   how thoroughly, in the words of jcstress
     * @param tests  the full names, or none for all
     * @param before earlier runs, to which these are added
     * @return all runs by name
     * @throws IOException          if they cannot be run
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    Map<String, TestRun> run(String name, String mode, Collection<String> tests, Map<String, TestRun> before)
            throws IOException, InterruptedException {
        Path folder = emptied(workshop.folder().resolve(name));
        String which = tests.isEmpty() ? "ringfence.jcstress"
                : tests.stream().map(Pattern::quote).map(each -> each + "$").collect(Collectors.joining("|"));
        // Two actors at most, and one way to compile: the machine may have two processors.
        Workshop.Ended ran = workshop.run(name, folder, List.of(workshop.javaProgram().toString(), "-jar",
                jar.toString(), "-m", mode, "-sc", "false", "-jvmArgs", "-XX:+UseSerialGC", "-t", which, "-r", "html"));
        List<String> files = new ArrayList<>();
        try (Stream<Path> written = Files.list(folder)) {
            written.map(Path::toString).filter(file -> file.endsWith(".bin.gz")).sorted().forEach(files::add);
        }
        if (files.isEmpty()) {
            throw new IOException("jcstress has written no results, exit code " + ran.code() + ": " + ran.tail());
        }
        List<String> command =
                new ArrayList<>(List.of(workshop.javaProgram().toString(), "-cp", jar.toString(), RESULTS));
        command.addAll(files);
        Workshop.Ended read = workshop.run(name + "-results", folder, command);
        if (read.code() != 0) {
            throw new IOException("the results of jcstress cannot be read: " + read.tail());
        }
        return TestRun.parse(read.lines(), before);
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                for (Path each : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
