package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.management.JMX;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime as management tools see it. */
class ManagementTest extends QueueTestBase {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private ObjectName name;

    private Set<ObjectName> runtimes() {
        try {
            return server.queryNames(new ObjectName("io.ringfence:type=Runtime,name=*"), null);
        } catch (javax.management.MalformedObjectNameException e) {
            throw new AssertionError(e);
        }
    }

    /** The name carries that of the runtime's threads. */
    @BeforeEach
    void findBean() throws Exception {
        String newest = Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(thread -> thread.matches("ringfence-\\d+-interrupts"))
                .max((one, other) -> Integer.compare(number(one), number(other))).orElseThrow();
        name = new ObjectName("io.ringfence:type=Runtime,name=ringfence-" + number(newest));
        Spin.until(() -> server.isRegistered(name));
    }

    private static int number(String thread) {
        return Integer.parseInt(thread.replaceAll("\\D", ""));
    }

    private RingfenceMXBean bean() {
        return JMX.newMXBeanProxy(server, name, RingfenceMXBean.class);
    }

    @Test
    void aRuntimeIsShownUntilItIsClosed() throws Exception {
        MBeanInfo info = server.getMBeanInfo(name);
        assertThat(Stream.of(info.getAttributes()).map(attribute -> attribute.getName()))
                .containsExactlyInAnyOrder("Name", "Queues");
        assertThat(Stream.of(info.getOperations()).map(MBeanOperationInfo::getName))
                .containsExactlyInAnyOrder("dump", "dumpToFile");
        assertThat(server.getAttribute(name, "Name")).isEqualTo(name.getKeyProperty("name"));

        runtime.close();
        Spin.until(() -> !server.isRegistered(name));
        runtime.close();
        assertThat(server.isRegistered(name)).isFalse();
    }

    @Test
    @DisplayName("H21: the queues are a table of open data: where each stands and what its head waits for")
    void queues() throws Exception {
        JobQueue<Object> engine = open(new ManualDriver(), options("engine"));
        open(new ManualDriver(), options("idle"));
        FenceIssuer input = issuer("input");
        engine.submit("1");
        engine.submit("2", input.fence());
        engine.submit("3");

        CompositeData[] rows = (CompositeData[]) server.getAttribute(name, "Queues");
        assertThat(rows).hasSize(2);
        CompositeData row = Stream.of(rows).filter(each -> each.get("name").equals("engine")).findFirst().orElseThrow();
        assertThat(row.getCompositeType().keySet()).containsExactlyInAnyOrder("name", "finished", "issued", "claimed",
                "failed", "waits", "inLine", "closed", "recovery");
        assertThat(row.getAll(new String[] {"finished", "issued", "claimed", "failed", "waits", "inLine", "closed"}))
                .containsExactly(0L, 1L, 3L, 0L, "DEPENDENCIES", 0, false);
        assertThat(bean().getQueues()).containsExactlyInAnyOrder(engine.status(),
                new QueueStatus("idle", 0, 0, 0, 0, Waits.NOTHING, 0, false,
                        new QueueStatus.Recoveries(0, 0, 0, 0, 0)));

        engine.kill();
        assertThat(bean().getQueues().stream().filter(QueueStatus::closed).map(QueueStatus::name))
                .containsExactly("engine");
        assertThat(server.invoke(name, "dump", null, null)).asString().contains("queue engine#")
                .contains("seqno 2 waits for input").contains("queue idle#");
        input.signal();
    }

    @Test
    void aDumpIsWrittenIntoAFileThatDoesNotExistYet(@TempDir Path folder) throws Exception {
        JobQueue<Object> engine = open(new ManualDriver(), options("engine"));
        engine.submit("on the device");
        Path file = folder.resolve("dump.txt");

        assertThat(bean().dumpToFile(file.toString())).isEqualTo(file.toAbsolutePath().toString());
        assertThat(Files.readString(file)).contains("queue engine#").contains("1 on the device")
                .endsWith(System.lineSeparator());

        Files.writeString(file, "somebody's");
        assertThatThrownBy(() -> bean().dumpToFile(file.toString())).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).content().isEqualTo("somebody's");
        assertThatThrownBy(() -> bean().dumpToFile(folder.resolve("no/such/folder").toString()))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> bean().dumpToFile(folder.toString())).isInstanceOf(IOException.class);
        assertThat(folder.toFile().list()).containsExactly("dump.txt");
    }

    @Test
    @DisplayName("H19: each runtime is shown by its own name, and one that was closed at once is not left behind")
    void manyRuntimes() {
        Set<ObjectName> before = runtimes();
        for (int i = 0; i < 50; i++) {
            RingfenceRuntime.start(1).close();
        }
        List<RingfenceRuntime> others = Stream.generate(() -> RingfenceRuntime.start(1)).limit(3).toList();
        Spin.until(() -> runtimes().size() == before.size() + 3);
        assertThat(runtimes().stream().map(each -> bean(each).getName()).collect(Collectors.toSet()))
                .hasSize(before.size() + 3);
        others.forEach(RingfenceRuntime::close);
        Spin.until(() -> runtimes().equals(before));
    }

    private RingfenceMXBean bean(ObjectName of) {
        return JMX.newMXBeanProxy(server, of, RingfenceMXBean.class);
    }
}
