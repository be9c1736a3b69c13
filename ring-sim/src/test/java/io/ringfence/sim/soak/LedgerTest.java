package io.ringfence.sim.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.Command;

/** Whether a soak would notice. */
@Timeout(180)
class LedgerTest {
    private final Ledger ledger = new Ledger();
    private RingfenceRuntime runtime;
    private SoakDevice device;
    private SoakQueue queue;

    @BeforeEach
    void open() {
        runtime = RingfenceRuntime.start();
        device = new SoakDevice(false, "");
        WatchedRing ring = new WatchedRing(device.firmware.openRing(), ledger);
        queue = new SoakQueue(device, ring, runtime.openQueue(ring, QueueOptions.named("q").withCredits(64)), ledger);
    }

    @AfterEach
    void close() {
        runtime.close();
        device.close();
    }

    private SoakJob run(SoakJob.Kind kind, Command command, long cell, List<SoakJob> inputs) throws Exception {
        SoakJob job = new SoakJob(kind, command, cell, inputs, null);
        queue.submitted(job, queue.queue.submit(job));
        job.fence.awaitOk();
        queue.settleDone();
        return job;
    }

    @Test
    @DisplayName("a job that was executed once is fine")
    void fine() throws Exception {
        long cell = queue.cell();
        run(SoakJob.Kind.ADD, Command.add(cell, SoakDevice.one(), 1), cell, List.of());
        SoakJob first = run(SoakJob.Kind.TIMES, Command.delay(0, cell + SoakDevice.TIMES_OFFSET), cell, List.of());
        run(SoakJob.Kind.TIMES, Command.delay(0, cell + SoakDevice.TIMES_OFFSET), cell, List.of(first));
        assertThat(ledger.result(1).isClean()).as(ledger.result(1).wrong().toString()).isTrue();
    }

    @Test
    @DisplayName("a job that says ok and left no trace is lost")
    void lost() throws Exception {
        run(SoakJob.Kind.ADD, Command.nop(), queue.cell(), List.of());
        run(SoakJob.Kind.TIMES, Command.nop(), queue.cell(), List.of());
        assertThat(ledger.result(1).lost()).isEqualTo(2);
        assertThat(ledger.result(1).isClean()).isFalse();
        assertThat(ledger.result(1).wrong().getFirst()).contains("is ok and was not executed");
    }

    @Test
    @DisplayName("a job that had its effect twice was run twice")
    void twice() throws Exception {
        long cell = queue.cell();
        device.memory().writeFloats(cell, new float[] {1});
        run(SoakJob.Kind.ADD, Command.add(cell, SoakDevice.one(), 1), cell, List.of());
        assertThat(ledger.result(1).runTwice()).isEqualTo(1);
    }

    @Test
    @DisplayName("a job that is handed over in the same epoch again, or when it is done, was run twice, and is out of order")
    void handedOverTwice() throws Exception {
        SoakJob job = run(SoakJob.Kind.NOTHING, Command.nop(), -1, List.of());
        queue.ring.run(1, job);
        assertThat(ledger.result(1).runTwice()).isEqualTo(2);
        assertThat(ledger.result(1).orderViolations()).isEqualTo(1);
    }

    @Test
    @DisplayName("a job that began before its input had ended is out of order")
    void beforeItsInput() throws Exception {
        SoakJob late = new SoakJob(SoakJob.Kind.TIMES, Command.nop(), -1, List.of(), null);
        late.settled = true;
        late.ok = true;
        late.end = Long.MAX_VALUE;
        late.fence = run(SoakJob.Kind.NOTHING, Command.nop(), -1, List.of()).fence;
        long cell = queue.cell();
        run(SoakJob.Kind.TIMES, Command.delay(0, cell + SoakDevice.TIMES_OFFSET), cell, List.of(late));
        assertThat(ledger.result(1).orderViolations()).isEqualTo(1);
    }

    @Test
    @DisplayName("a fence that nobody settles is unsignaled")
    void unsignaled() throws Exception {
        try (FenceIssuer never = FenceIssuer.create("never")) {
            SoakJob job = new SoakJob(SoakJob.Kind.NOTHING, Command.nop(), -1, List.of(), never.fence());
            queue.submitted(job, queue.queue.submit(job, job.dependencies()));
            queue.countUnsignaled();
        }
        assertThat(ledger.result(1).unsignaled()).isEqualTo(1);
    }
}
