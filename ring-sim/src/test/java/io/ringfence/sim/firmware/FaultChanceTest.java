package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.Opcode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults by chance are the same again. */
@Timeout(180)
class FaultChanceTest {

    /** What can be seen of a workload under faults by chance, moment by moment. */
    private static List<Long> traced(double rate) {
        BareHost host = new BareHost(4, 8, 2, SLICE, Fault.of(FaultKind.SLOW, Duration.ofMillis(3)).rate(rate),
                Fault.of(FaultKind.BAD_OPCODE).rate(rate),
                Fault.of(FaultKind.LOST_EVENT).rate(rate), Fault.of(FaultKind.DOUBLED_EVENT).rate(rate),
                Fault.of(FaultKind.UNSEEN_STAMP, Duration.ofMillis(3)).rate(rate),
                Fault.of(FaultKind.LATE_EVENT, Duration.ofMillis(3)).rate(rate));
        host.registerAll();
        List<Long> seen = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            for (int ring = 0; ring < 4; ring++) {
                host.arm(ring, i);
                host.put(ring, i, Opcode.STAMP, 8L * ring, i);
            }
            host.pass(10 * SLICE);
            host.events().forEach(event -> seen.add(event.number()));
            for (int ring = 0; ring < 4; ring++) {
                assertThat(host.completed(ring)).isEqualTo(i);
                seen.add(host.faults(ring));
                seen.add(host.word(8L * ring));
            }
            seen.add(host.heartbeat());
        }
        return seen;
    }

    @Test
    void samePlanDoesTheSameAgain() {
        assertThat(traced(0.1)).isEqualTo(traced(0.1)).isNotEqualTo(traced(0.11));
    }
}
