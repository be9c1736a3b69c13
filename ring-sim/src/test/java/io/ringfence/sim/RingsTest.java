package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings are taken, used side by side, given back and used again. */
class RingsTest extends DeviceTestBase {

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 200})
    void everyRingRunsItsOwnCommands(int rings) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(rings).withSlots(4));
        List<JobQueue<Command>> queues = new ArrayList<>();
        for (int i = 0; i < rings; i++) {
            queues.add(open(device, QueueOptions.named("ring-" + i).withCapacity(8).withCredits(4)));
        }
        List<PointFence> fences = new ArrayList<>();
        for (int round = 1; round <= 20; round++) {
            for (int i = 0; i < rings; i++) {
                fences.add(queues.get(i).submit(Command.stamp(8L * i, 1000L * round + i)));
            }
        }
        for (PointFence fence : fences) {
            assertOk(fence);
        }
        for (int i = 0; i < rings; i++) {
            assertThat(device.memory().readLong(8L * i)).isEqualTo(20_000L + i);
        }
    }

    @Test
    void chainAcrossManyRingsRunsInOrder() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(70).withSlots(4));
        List<JobQueue<Command>> queues = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            queues.add(open(device, QueueOptions.named("ring-" + i).withCapacity(8).withCredits(4)));
        }
        PointFence last = queues.getFirst().submit(Command.stamp(0, 4711));
        for (int i = 1; i < 700; i++) {
            last = queues.get(i * 37 % 70).submit(Command.copy(8L * (i - 1), 8L * i, 8), last);
        }
        assertOk(last);
        assertThat(device.memory().readLong(8 * 699)).isEqualTo(4711);
    }

    @Test
    void takenRingsAreCountedUntilTheirQueueIsClosed() {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(2));
        JobQueue<Command> first = open(device, "first");
        open(device, "second");
        assertThatThrownBy(device::openRing).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("all 2 rings");
        first.close();
        open(device, "third");
        assertThatThrownBy(device::openRing).isInstanceOf(IllegalStateException.class);
    }

    /** A queue that is refused never had the ring. */
    @Test
    void ringOfARefusedQueueCanBeGivenBackByItsDriver() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(1).withSlots(2));
        var driver = device.openRing();
        assertThatThrownBy(() -> runtime().openQueue(driver, QueueOptions.named("greedy").withCredits(3)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 to 2");
        driver.close();
        assertOk(open(device, "modest").submit(Command.nop()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 1024})
    void oneRingIsUsedAgainAndAgain(int slots) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(1).withSlots(slots));
        for (int use = 1; use <= 5; use++) {
            JobQueue<Command> queue =
                    open(device, QueueOptions.named("use-" + use).withCredits(Math.min(slots, 256)));
            int jobs = 3000 + use;
            PointFence last = null;
            for (int job = 1; job <= jobs; job++) {
                last = queue.submit(Command.stamp(0, 10_000L * use + job));
            }
            assertOk(last);
            assertThat(device.memory().readLong(0)).isEqualTo(10_000L * use + jobs);
            assertThat(queue.timeline().signaled()).isEqualTo(jobs);
            // Long enough for the waiter to park: the interrupt must find the queue of this use.
            assertThat(queue.submit(Command.delay(5_000_000)).await(Duration.ofSeconds(20))).isEqualTo(Outcome.OK);
            queue.close();
        }
    }

    @Test
    void ringClosedWithFewerJobsThanSlotsLeavesNoOldCommandBehind() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(1).withSlots(8));
        for (int use = 0; use < 50; use++) {
            JobQueue<Command> queue = open(device, QueueOptions.named("use-" + use).withCredits(8));
            List<Fence> fences = new ArrayList<>();
            for (int job = 0; job < use % 9; job++) {
                fences.add(queue.submit(Command.add(0, 64, 1)));
            }
            queue.close();
            for (Fence fence : fences) {
                assertOk(fence);
            }
            if (use == 0) {
                device.memory().writeFloats(64, new float[] {1});
            }
        }
        int executed = 0;
        for (int use = 0; use < 50; use++) {
            executed += use % 9;
        }
        assertThat(device.memory().readFloats(0, 1)[0]).isEqualTo((float) executed);
    }

    @Test
    void smallestRingRunsThousandsOfJobs() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withSlots(2));
        JobQueue<Command> queue = open(device, QueueOptions.named("two").withCapacity(2).withCredits(2));
        device.memory().writeFloats(64, new float[] {1});
        PointFence last = null;
        for (int i = 0; i < 20_000; i++) {
            last = queue.submit(Command.add(0, 64, 1));
        }
        assertOk(last);
        assertThat(device.memory().readFloats(0, 1)[0]).isEqualTo(20_000f);
    }
}
