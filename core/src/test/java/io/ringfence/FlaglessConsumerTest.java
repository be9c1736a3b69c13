package io.ringfence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.queue.JobQueue;

import javax.tools.ToolProvider;

import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that uses the core starts without any JVM flag and without any warning of the JVM. */
@Timeout(180)
class FlaglessConsumerTest {
    private static final String PROGRAM = """
            package consumer;

            import io.ringfence.driver.Completions;
            import io.ringfence.driver.Driver;
            import io.ringfence.driver.DriverLink;
            import io.ringfence.fence.FenceIssuer;
            import io.ringfence.queue.JobQueue;
            import io.ringfence.queue.QueueOptions;
            import io.ringfence.queue.RingfenceRuntime;
            import io.ringfence.scheduler.Entity;
            import io.ringfence.scheduler.Priority;
            import io.ringfence.scheduler.Scheduler;
            import io.ringfence.scheduler.SchedulerOptions;

            public final class Program {
                static final class Inline implements Driver<String> {
                    private volatile long done;
                    private volatile DriverLink link;

                    @Override public void open(DriverLink opened) { link = opened; }
                    @Override public int maxInFlight() { return 1024; }
                    @Override public void run(long seqno, String payload) { done = seqno; }
                    @Override public void poll(Completions completions) { completions.completedThrough(done); }
                    @Override public void arm(long seqno) { link.interrupt(); }
                    @Override public void close() { }
                }

                public static void main(String[] args) throws Exception {
                    try (RingfenceRuntime runtime = RingfenceRuntime.start();
                            JobQueue<String> queue = runtime.openQueue(new Inline(), QueueOptions.named("consumer"))) {
                        FenceIssuer input = FenceIssuer.create("input");
                        var job = queue.submit("job", input.fence());
                        input.signal();
                        for (int i = 0; i < 20_000; i++) {
                            queue.submit("more").await();
                        }
                        System.out.println(job.await() + " " + queue.timeline().signaled());
                        try (Scheduler<String> ring = Scheduler.open(runtime, new Inline(), SchedulerOptions.named("ring"));
                                Entity<String> entity = ring.openEntity("consumer", Priority.HIGH)) {
                            entity.submit("job").awaitOk();
                        }
                    }
                }
            }
            """;
    private static final String MODULE = "module consumer { requires io.ringfence.core; }";
    private static final String DENY = "--sun-misc-unsafe-memory-access=deny";

    @TempDir
    Path folder;

    @Test
    @DisplayName("A program on the class path needs no flag and hears no warning")
    void classPath() throws Exception {
        Path classes =
                compile(List.of("-cp", core() + File.pathSeparator + jspecify()), source("Program.java", PROGRAM));
        runs("-cp", core() + File.pathSeparator + classes, "consumer.Program");
    }

    @Test
    @DisplayName("A program on the class path runs with access to memory through sun.misc.Unsafe denied")
    void classPathDenied() throws Exception {
        Path classes =
                compile(List.of("-cp", core() + File.pathSeparator + jspecify()), source("Program.java", PROGRAM));
        runs(DENY, "-cp", core() + File.pathSeparator + classes, "consumer.Program");
    }

    @Test
    @DisplayName("A program on the module path needs no flag and hears no warning")
    void modulePath() throws Exception {
        runs("-p", core() + File.pathSeparator + module(), "-m", "consumer/consumer.Program");
    }

    @Test
    @DisplayName("A program on the module path runs with access to memory through sun.misc.Unsafe denied")
    void modulePathDenied() throws Exception {
        runs(DENY, "-p", core() + File.pathSeparator + module(), "-m", "consumer/consumer.Program");
    }

    @Test
    @DisplayName("Nothing that a program uses of the core has sun.misc.Unsafe loaded")
    void unsafeIsNotLoaded() throws Exception {
        Path classes =
                compile(List.of("-cp", core() + File.pathSeparator + jspecify()), source("Program.java", PROGRAM));
        Path loaded = folder.resolve("loaded");
        runs("-Xlog:class+load:file=" + loaded, "-cp", core() + File.pathSeparator + classes, "consumer.Program");
        List<String> lines = Files.readAllLines(loaded);
        assertThat(lines).as("what was loaded is told").anyMatch(line -> line.contains(" io.ringfence.queue.JobQueue "))
                .anyMatch(line -> line.contains(" io.ringfence.scheduler.Scheduler "));
        assertThat(lines).noneMatch(line -> line.contains(" sun.misc.Unsafe "));
    }

    private Path module() throws Exception {
        return compile(List.of("-p", core() + File.pathSeparator + jspecify()), source("Program.java", PROGRAM),
                source("module-info.java", MODULE));
    }

    private Path source(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    /** This module, and what it needs when it runs. */
    private static String core() throws URISyntaxException {
        return String.join(File.pathSeparator, location(JobQueue.class),
                location(MpscUnboundedVarHandleArrayQueue.class), location(MessagePassingQueue.class));
    }

    /** Annotations; needed to compile only. */
    private static String jspecify() throws URISyntaxException {
        return location(NullMarked.class);
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private Path compile(List<String> path, Path... sources) throws IOException {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        var arguments = new ArrayList<String>(path);
        arguments.addAll(List.of("-d", classes.toString()));
        for (Path source : sources) {
            arguments.add(source.toString());
        }
        var messages = new java.io.ByteArrayOutputStream();
        int result =
                ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments.toArray(String[]::new));
        assertThat(result).as(() -> messages.toString(java.nio.charset.StandardCharsets.UTF_8)).isZero();
        return classes;
    }

    private void runs(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // The JVM says so on stderr when it takes options from there; they are not the program's.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        int exit = builder.start().waitFor();
        assertThat(Files.readString(err)).isEmpty();
        assertThat(exit).isZero();
        assertThat(Files.readString(out)).isEqualToIgnoringNewLines("OK 20001");
    }
}
