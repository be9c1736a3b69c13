package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Devices and one runtime for each test; at its end all are closed, queues first, and no thread may be left. */
@Timeout(180)
abstract class DeviceTestBase {
    private final List<SimulatedFirmware> devices = new ArrayList<>();
    private RingfenceRuntime runtime;

    @AfterEach
    void closeAll() {
        if (runtime != null) {
            runtime.close();
        }
        devices.forEach(SimulatedFirmware::close);
        assertThat(threads()).as("threads left").isEmpty();
    }

    final RingfenceRuntime runtime() {
        if (runtime == null) {
            runtime = RingfenceRuntime.start();
        }
        return runtime;
    }

    final SimulatedFirmware device(FirmwareOptions options) {
        SimulatedFirmware started = SimulatedFirmware.start(options);
        devices.add(started);
        return started;
    }

    final SimulatedFirmware device() {
        return device(FirmwareOptions.defaults());
    }

    final JobQueue<Command> open(SimulatedFirmware device, String name) {
        return open(device, QueueOptions.named(name).withCredits(Math.min(256, device.options().slots())));
    }

    final JobQueue<Command> open(SimulatedFirmware device, QueueOptions options) {
        return runtime().openQueue(device.openRing(), options);
    }

    static void assertOk(Fence fence) throws InterruptedException {
        assertThat(fence.await()).as(() -> fence + ": " + fence.failure()).isEqualTo(Outcome.OK);
    }

    static Failure failureOf(Fence fence) throws InterruptedException {
        assertThat(fence.await()).as(fence.toString()).isEqualTo(Outcome.FAILED);
        return fence.failure();
    }

    /** The names of this project's threads. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).map(Thread::getName)
                .filter(name -> name.startsWith("ringfence")).toList();
    }

    static byte[] bytes(DeviceMemory memory, long address, int length) {
        byte[] read = new byte[length];
        for (int i = 0; i < length; i++) {
            long at = address + i;
            read[i] = (byte) (memory.readLong(at & -8) >>> 8 * (at & 7));
        }
        return read;
    }

    static void write(DeviceMemory memory, long address, byte[] values) {
        for (int i = 0; i < values.length; i++) {
            long word = address + i & -8;
            long shift = 8 * (address + i & 7);
            long kept = memory.readLong(word) & ~(0xffL << shift);
            memory.writeLong(word, kept | (values[i] & 0xffL) << shift);
        }
    }
}
