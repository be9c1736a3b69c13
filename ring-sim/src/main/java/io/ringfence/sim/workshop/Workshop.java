package io.ringfence.sim.workshop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Where commands that work on the source tree do so: the source tree, a folder for what they write, and other programs. Programs that
 * run are ended with it.
 */
public final class Workshop implements AutoCloseable {

    private final Path root;
    private final Path folder;
    private final Path java = Path.of(System.getProperty("java.home"));
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    /**
     * Makes one.
     *
     * @param root   the source tree
     * @param folder where to write; made if it is not there
     * @throws IOException if it cannot be made
     */
    public Workshop(Path root, Path folder) throws IOException {
        this.root = root;
        this.folder = Files.createDirectories(folder);
    }

    /**
     * The source tree.
     *
     * @return the path
     */
    public Path root() {
        return root;
    }

    /**
     * Where to write.
     *
     * @return the path
     */
    public Path folder() {
        return folder;
    }

    /**
     * The Java that runs this.
     *
     * @return the path
     */
    public Path javaHome() {
        return java;
    }

    /**
     * The program that starts it.
     *
     * @return the path
     */
    public Path javaProgram() {
        return java.resolve("bin").resolve("java");
    }

    /**
     * Runs a program to its end, what it prints going to a file of the folder.
     *
     * @param name    the file's name, without what stands behind the dot
     * @param in      where the program is started
     * @param command the program and its arguments
     * @return how it ended
     * @throws IOException          if it cannot be started
     * @throws InterruptedException if the thread is interrupted meanwhile; the program is ended
     */
    public Ended run(String name, Path in, List<String> command) throws IOException, InterruptedException {
        Path printed = folder.resolve(name + ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true)
                .redirectOutput(printed.toFile()).redirectInput(ProcessBuilder.Redirect.from(nothing()));
        builder.environment().put("JAVA_HOME", java.toString());
        Process process = builder.start();
        running.add(process);
        try {
            return new Ended(process.waitFor(), printed);
        } finally {
            running.remove(process);
            end(process);
        }
    }

    private static java.io.File nothing() {
        return new java.io.File("/dev/null");
    }

    /**
     * Runs Maven on some modules of the source tree.
     *
     * @param name      the name of the file with what it prints
     * @param arguments what it is told
     * @return how it ended
     * @throws IOException          if it cannot be started
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public Ended maven(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mvn", "-B"));
        command.addAll(List.of(arguments));
        return run(name, root, command);
    }

    /**
     * How a program has ended.
     *
     * @param code    its exit code
     * @param printed the file with what it printed
     */
    public record Ended(int code, Path printed) {

        /**
         * What it printed.
         *
         * @return its lines
         * @throws IOException if they cannot be read
         */
        public List<String> lines() throws IOException {
            return Files.readAllLines(printed, StandardCharsets.UTF_8);
        }

        /**
         * The last lines, for people.
         *
         * @return some text
         * @throws IOException if it cannot be read
         */
        public String tail() throws IOException {
            List<String> lines = lines();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        }
    }

    /**
     * Whether something was built after the last change of what it is built from.
     *
     * @param built   a file
     * @param sources folders of the source tree
     * @return false also if the file is not there
     * @throws IOException if the folders cannot be read
     */
    public boolean isNewer(Path built, String... sources) throws IOException {
        if (!Files.exists(built)) {
            return false;
        }
        long time = Files.getLastModifiedTime(built).toMillis();
        for (String source : sources) {
            try (Stream<Path> files = Files.walk(root.resolve(source))) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                    if (Files.getLastModifiedTime(file).toMillis() > time) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    @Override
    public void close() {
        running.forEach(Workshop::end);
    }
}
