package io.ringfence.queue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.SpareThread;

import org.jspecify.annotations.Nullable;

/**
 * Shows a runtime to management tools. The server for that takes its time to start, so it is done elsewhere than where a runtime
 * is started or ends.
 */
final class RuntimeBean implements RingfenceMXBean {

    private final RingfenceRuntime runtime;
    private final String name;
    private volatile boolean ended;

    RuntimeBean(RingfenceRuntime runtime, String name) {
        this.runtime = runtime;
        this.name = name;
    }

    private final class Change extends Deferred {
        @Override
        protected @Nullable Deferred perform() {
            try {
                MBeanServer server = ManagementFactory.getPlatformMBeanServer();
                ObjectName known = new ObjectName("io.ringfence:type=Runtime,name=" + name);
                boolean registered = server.isRegistered(known);
                if (!ended && !registered) {
                    server.registerMBean(RuntimeBean.this, known);
                } else if (ended && registered) {
                    server.unregisterMBean(known);
                }
            } catch (JMException | RuntimeException refused) {
                QueueFaults.warn("runtime " + name + " cannot be shown to management tools: " + refused);
            }
            return null;
        }
    }

    void register() {
        SpareThread.run(new Change());
    }

    void unregister() {
        ended = true;
        SpareThread.run(new Change());
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public List<QueueStatus> getQueues() {
        return runtime.status();
    }

    @Override
    public String dump() {
        return runtime.dump();
    }

    @Override
    public String dumpToFile(String path) throws IOException {
        Path file = Path.of(path).toAbsolutePath();
        Files.writeString(file, runtime.dump() + System.lineSeparator(), StandardOpenOption.CREATE_NEW);
        return file.toString();
    }
}
