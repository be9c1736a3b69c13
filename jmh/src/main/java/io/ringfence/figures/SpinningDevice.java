package io.ringfence.figures;

import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.Command;
import io.ringfence.sim.SimulatedFirmware;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One queue on one ring of the embedded firmware, as the benchmarks use it. */
@State(Scope.Benchmark)
public class SpinningDevice {

    SimulatedFirmware firmware;
    RingfenceRuntime runtime;
    JobQueue<Command> queue;
    final Command nop = Command.nop();

    @Setup(Level.Trial)
    public void open() {
        firmware = SimulatedFirmware.start();
        runtime = RingfenceRuntime.start();
        queue = runtime.openQueue(firmware.openRing(),
                QueueOptions.named("measured").withCapacity(4096).withCredits(1024));
    }

    @TearDown(Level.Trial)
    public void close() {
        runtime.close();
        firmware.close();
    }
}
