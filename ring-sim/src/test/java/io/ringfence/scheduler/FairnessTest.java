package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Supplier;

import io.ringfence.sim.schedule.Contender;
import io.ringfence.sim.schedule.Contest;
import io.ringfence.sim.schedule.KernelCase;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's {@code drm_sched_scheduler_two_clients_tests} and {@code many_clients}, with figures that do not vary. */
@Timeout(180)
class FairnessTest {

    private static Contest.Result run(KernelCase which, Supplier<Policy> policy, int credits) {
        return new Contest(policy, credits, which.contenders(), which.millis()).run();
    }

    @ParameterizedTest
    @CsvSource({"V2, 1136", "V3, 1256", "V4, 1040"})
    @DisplayName("V2 to V4: the first client ends when the kernel's does, with 2 credits")
    void firstEnds(KernelCase which, double millis) {
        Contest.Result result = run(which, Policies::fair, 2);
        assertThat(result.scores().getFirst().elapsedMillis()).isCloseTo(millis, within(8.0));
    }

    @ParameterizedTest
    @CsvSource({"V2, 88.9", "V3, 80", "V4, 97"})
    @DisplayName("V2 to V4: shares while both are busy")
    void shares(KernelCase which, double percent) {
        assertThat(100 * run(which, Policies::fair, 2).share(0)).isCloseTo(percent, within(1.0));
    }

    @ParameterizedTest
    @CsvSource({"V8, 1, 2.5", "V9, 1, 2.5", "V10, 1, 50", "V8, 2, 5", "V9, 2, 5", "V10, 2, 100"})
    @DisplayName("V8 to V10: who waits for each cycle waits for as many jobs of the other as there are credits, at most")
    void latency(KernelCase which, int credits, double millis) {
        Contest.Result result = run(which, Policies::fair, credits);
        assertThat(result.scores().getLast().worstMillis()).isLessThanOrEqualTo(millis);
    }

    @Test
    @DisplayName("V2: LOW has finished nothing under FIFO and RR when the other ends, and 17 jobs under FAIR")
    void low() {
        assertThat(run(KernelCase.V2, Policies::fifo, 2).scores().getLast().jobsWhenFirst()).isZero();
        assertThat(run(KernelCase.V2, Policies::roundRobin, 2).scores().getLast().jobsWhenFirst()).isZero();
        assertThat(run(KernelCase.V2, Policies::fair, 2).scores().getLast().jobsWhenFirst()).isEqualTo(17);
    }

    @ParameterizedTest
    @CsvSource({"W1", "W2", "W3", "W4", "W5"})
    @DisplayName("W: those that are alike are at most one cycle apart, whenever one is completed")
    void many(KernelCase which) {
        for (String policy : List.of("fair", "fifo", "rr")) {
            Contest.Result result = new Contest(Policies.named(policy), 2, which.contenders(), which.millis()).run();
            assertThat(result.worstSpread()).as(policy).isLessThanOrEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"fair, 1", "fair, 2", "fifo, 1", "fifo, 2", "rr, 1", "rr, 2", "ready-fifo, 1", "ready-fifo, 2"})
    @DisplayName("V1 to V10: nobody starves")
    void nobodyStarves(String policy, int credits) {
        for (KernelCase which : KernelCase.values()) {
            Contest.Result result = new Contest(Policies.named(policy), credits, which.contenders(), which.millis())
                    .run();
            for (int i = 0; i < result.scores().size(); i++) {
                Contender contender = which.contenders().get(i);
                assertThat(result.scores().get(i).elapsedMillis()).as(which + " " + i)
                        .isGreaterThanOrEqualTo(contender.cycles(which.millis()) * contender.workMicros() / 1e3);
            }
        }
    }
}
