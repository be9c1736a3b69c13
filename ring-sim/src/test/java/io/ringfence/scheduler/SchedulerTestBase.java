package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;
import io.ringfence.sim.virtual.VirtualWorld;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Schedulers on a clock that the test moves; at the end all are closed, and their devices too. */
@Timeout(180)
abstract class SchedulerTestBase {
    static final long MILLI = 1_000_000;

    VirtualWorld world;
    RingfenceRuntime runtime;
    final List<MockGpu> devices = new ArrayList<>();
    final List<Scheduler<MockJob>> schedulers = new ArrayList<>();

    @BeforeEach
    void install() {
        world = VirtualWorld.install();
        runtime = RingfenceRuntime.start();
    }

    @AfterEach
    void uninstall() {
        schedulers.forEach(each -> {
            var _ = each.kill();
        });
        for (MockGpu device : devices) {
            while (!device.isClosed() && device.advance(Integer.MAX_VALUE) != 0) {
                Thread.onSpinWait();
            }
        }
        runtime.close();
        assertThat(devices).allMatch(MockGpu::isClosed);
        world.uninstall();
    }

    static SchedulerOptions options() {
        return SchedulerOptions.named("ring").withTimeout(QueueOptions.NO_TIMEOUT);
    }

    MockGpu gpu() {
        MockGpu gpu = new MockGpu();
        devices.add(gpu);
        return gpu;
    }

    Scheduler<MockJob> scheduler(MockGpu gpu, SchedulerOptions options) {
        return scheduler(gpu, options, null);
    }

    Scheduler<MockJob> scheduler(MockGpu gpu, SchedulerOptions options, Prepare<MockJob> prepare) {
        Scheduler<MockJob> opened = Scheduler.open(runtime, gpu, options,
                PayloadTraits.<MockJob>plain().withCost(MockJob::cost), prepare);
        schedulers.add(opened);
        return opened;
    }

    void run(Duration time) {
        world.runUntil(world.nanoTime() + time.toNanos());
    }

    void runMillis(long millis) {
        run(Duration.ofMillis(millis));
    }

    static void assertOk(Fence fence) {
        assertThat(fence.outcome()).as(() -> fence + ": " + fence.failure()).isEqualTo(Outcome.OK);
    }

    static Failure failureOf(PointFence fence) {
        assertThat(fence.outcome()).as(fence::toString).isEqualTo(Outcome.FAILED);
        return fence.failure();
    }
}
