package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import javax.tools.ToolProvider;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class AbandonedTest {
    private final Logger logger = Logger.getLogger("io.ringfence.fence");
    private final ConcurrentLinkedQueue<LogRecord> logged = new ConcurrentLinkedQueue<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            logged.add(message);
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    };

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    /** Others in this process may be abandoned meanwhile. */
    private List<LogRecord> loggedOf(String name) {
        return logged.stream().filter(message -> message.getMessage().contains("fence " + name + " ")).toList();
    }

    @Test
    @DisplayName("dma_fence F9: a closed issuer fails its fence by name")
    void closed() {
        FenceIssuer issuer = FenceIssuer.createTimed("closed one");
        issuer.close();
        assertThat(issuer.fence().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(issuer.fence().failure()).isEqualTo(new Failure.Abandoned("closed one", false, null));
        assertThat(issuer.signal()).isFalse();
        issuer.close();
        assertThat(issuer.fence().signalTime()).isPresent();
    }

    @Test
    void callbacksOfAClosedIssuerRunInOrderOnAThreadThatIsNotTheClosers() throws Exception {
        FenceIssuer issuer = FenceIssuer.create("with callbacks");
        var calls = new ArrayList<String>();
        var threads = new ArrayList<Thread>();
        var called = new CountDownLatch(3);
        for (String name : List.of("first", "second", "third")) {
            issuer.fence().onDone(() -> {
                calls.add(name);
                threads.add(Thread.currentThread());
                called.countDown();
            });
        }
        issuer.close();
        called.await();
        assertThat(calls).containsExactly("first", "second", "third");
        assertThat(threads).doesNotContain(Thread.currentThread()).allSatisfy(
                thread -> assertThat(thread.isVirtual()).isFalse());
    }

    @Test
    void aClosedIssuerIsLoggedAsAWarningBeforeItsCallbacksRun() throws Exception {
        FenceIssuer issuer = FenceIssuer.create("logged one");
        var seen = new ArrayList<LogRecord>();
        var called = new CountDownLatch(1);
        issuer.fence().onDone(() -> {
            seen.addAll(loggedOf("logged one"));
            called.countDown();
        });
        issuer.close();
        called.await();
        assertThat(seen).singleElement().satisfies(message -> {
            assertThat(message.getLevel()).isEqualTo(Level.WARNING);
            assertThat(message.getMessage()).contains("closed").contains("-Dringfence.tracking=true");
        });
    }

    @Test
    void closingAfterSignallingDoesNothing() throws Exception {
        FenceIssuer issuer = FenceIssuer.create("signalled one");
        issuer.signal();
        issuer.close();
        issuer.close();
        assertThat(issuer.fence().outcome()).isEqualTo(Outcome.OK);

        // What is logged later is logged by the same thread or one that follows it.
        FenceIssuer last = FenceIssuer.create("last one");
        var called = new CountDownLatch(1);
        last.fence().onDone(called::countDown);
        last.close();
        called.await();
        assertThat(loggedOf("last one")).hasSize(1);
        assertThat(loggedOf("signalled one")).isEmpty();
    }

    @Test
    void aLoggerThatThrowsHarmsNobody() throws Exception {
        Handler broken = new Handler() {
            @Override
            public void publish(LogRecord message) {
                throw new IllegalStateException("disk full");
            }

            @Override
            public void flush() {
            }

            @Override
            public void close() {
            }
        };
        FenceIssuer issuer = FenceIssuer.create("unlogged one");
        var called = new CountDownLatch(1);
        issuer.fence().onDone(called::countDown);
        logger.addHandler(broken);
        try {
            issuer.close();
            called.await();
        } finally {
            logger.removeHandler(broken);
        }
        assertThat(issuer.fence().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    @DisplayName("dma_fence F9: a forgotten issuer fails its fence, runs its callbacks and wakes who waits")
    void collected() throws Exception {
        var called = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        Fence fence = forgotten(() -> {
            threads.add(Thread.currentThread());
            called.countDown();
        });
        var outcomes = new ArrayList<Outcome>();
        Thread waiter = FenceTest.waiting(() -> outcomes.add(fence.await()));
        while (!fence.isDone()) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(fence.failure()).isEqualTo(new Failure.Abandoned("forgotten one", true, null));
        assertThat(fence.failure().message()).contains("collected");
        called.await();
        waiter.join();
        assertThat(outcomes).containsExactly(Outcome.FAILED);
        assertThat(threads).doesNotContain(Thread.currentThread(), waiter);
        assertThat(threads.getFirst().getName()).as("not the collector's").isNotEqualTo("abandoned-fences");
        assertThat(loggedOf("forgotten one")).singleElement()
                .satisfies(message -> assertThat(message.getMessage()).contains("collected"));
    }

    private static Fence forgotten(Runnable callback) {
        FenceIssuer issuer = FenceIssuer.create("forgotten one");
        issuer.fence().onDone(callback);
        return issuer.fence();
    }

    @Test
    void aSettledFenceIsNotKeptByTheWatch() {
        WeakReference<Fence> fence = signalled();
        while (fence.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(loggedOf("settled one")).isEmpty();
    }

    private static WeakReference<Fence> signalled() {
        FenceIssuer issuer = FenceIssuer.create("settled one");
        issuer.signal();
        return new WeakReference<>(issuer.fence());
    }

    @Test
    @Tag("slow")
    @DisplayName("dma_fence F9: an issuer that is signalling is never taken for given up")
    void signallingBesideTheCollector() throws Exception {
        var stop = new AtomicBoolean();
        Thread collector = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < 48; i++) {
                System.gc();
            }
            stop.set(true);
        });
        int rounds = 0;
        int lost = 0;
        while (!stop.get() || rounds < 100_000) {
            Fence fence = madeAndSignalled();
            if (fence.outcome() != Outcome.OK) {
                lost++;
            }
            rounds++;
        }
        collector.join();
        assertThat(lost).as("of %s", rounds).isZero();
        assertThat(loggedOf("busy one")).isEmpty();
    }

    private static Fence madeAndSignalled() {
        FenceIssuer issuer = FenceIssuer.create("busy one");
        Fence fence = issuer.fence();
        // Nothing but the call itself keeps the issuer.
        issuer.signal();
        return fence;
    }

    private static final String PROGRAM = """
            import io.ringfence.fence.Fence;
            import io.ringfence.fence.FenceIssuer;

            public final class Program {
                public static void main(String[] args) {
                    FenceIssuer issuer = FenceIssuer.create("tracked one");
                    issuer.close();
                    System.out.println(issuer.fence().failure().message());
                }
            }
            """;

    @Test
    void aTrackedIssuerTellsWhereItWasMade() throws Exception {
        String core = location(FenceIssuer.class);
        Path source = Files.writeString(folder.resolve("Program.java"), PROGRAM);
        var messages = new ByteArrayOutputStream();
        int result = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, "-cp",
                core + File.pathSeparator + location(NullMarked.class), "-d", folder.toString(), source.toString());
        assertThat(result).as(() -> messages.toString(StandardCharsets.UTF_8)).isZero();

        assertThat(run("-Dringfence.tracking=true", "-cp", core + File.pathSeparator + folder, "Program"))
                .contains("tracked one").contains("made at Program.main(Program.java:6)");
        assertThat(run("-cp", core + File.pathSeparator + folder, "Program"))
                .contains("tracked one").contains("-Dringfence.tracking=true tells where");
    }

    private static String location(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }

    private String run(String... arguments) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        assertThat(builder.start().waitFor()).isZero();
        return Files.readString(out);
    }
}
