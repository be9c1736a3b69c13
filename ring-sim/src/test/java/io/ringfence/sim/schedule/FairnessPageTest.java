package io.ringfence.sim.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.ringfence.scheduler.Policies;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/fairness.md} is what is played, and what it says of the kernel is near what is played. */
@Timeout(180)
class FairnessPageTest {
    private static final Path PAGE = Path.of("..", "docs", "fairness.md");
    private static final List<String> KERNEL_POLICIES = List.of("rr", "fifo", "fair");

    private final KernelFigures kernel = KernelFigures.read();

    @Test
    void pageIsWhatIsPlayed() throws Exception {
        assertThat(Files.readString(PAGE)).as("docs/fairness.md is out of date; run " + FairnessPage.COMMAND)
                .isEqualTo(FairnessPage.generate());
    }

    private static Contest.Result play(KernelCase which, String policy, int credits, int restPercent) {
        return new Contest(Policies.named(policy), credits, which.contenders(), which.millis()).withRests(restPercent)
                .run();
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2", "V3", "V4"})
    @DisplayName("V1 to V4: every client ends within 16 ms of when the kernel's does, under each policy")
    void busyClients(KernelCase which) {
        for (int credits = 1; credits <= 2; credits++) {
            for (String policy : KERNEL_POLICIES) {
                Contest.Result result = play(which, policy, credits, 100);
                for (int client = 0; client < 2; client++) {
                    assertThat(result.scores().get(client).elapsedMillis()).as(policy + " " + credits + " " + client)
                            .isCloseTo(kernel.client(which, credits, client, policy).value(), within(16.0));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"V8, 2, fair", "V8, 2, fifo", "V8, 2, rr", "V10, 1, fair", "V10, 1, fifo", "V10, 1, rr", "V10, 2, fair",
        "V10, 2, fifo", "V10, 2, rr", "V5, 1, rr", "V5, 1, fifo", "V5, 2, rr", "V5, 2, fifo"})
    @DisplayName("V5, V8, V10: with rests as long as the kernel's, clients end within 4 % of when the kernel's do")
    void restingClients(KernelCase which, int credits, String policy) {
        Contest.Result result = play(which, policy, credits, 125);
        for (int client = 0; client < 2; client++) {
            double expected = kernel.client(which, credits, client, policy).value();
            assertThat(result.scores().get(client).elapsedMillis()).as("client " + client)
                    .isCloseTo(expected, within(0.04 * expected));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, rr, 50", "2, rr, 100", "1, fifo, 200", "2, fifo, 200", "1, fair, 50", "2, fair, 100"})
    @DisplayName("V10: the worst wait is one job of the other for each credit, under FIFO all four that it submits at once")
    void worstWait(int credits, String policy, double millis) {
        assertThat(play(KernelCase.V10, policy, credits, 100).scores().getLast().worstMillis())
                .isCloseTo(millis, within(0.001));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("O: the device does not stand idle between two jobs")
    void overhead(OverheadCase which) {
        for (String policy : Policies.names()) {
            assertThat(which.ratio(Policies.named(policy))).as(policy).isBetween(1.0, 1.0001);
        }
    }

    @Test
    void figuresThatTheKernelDoesNotHaveAreRefused() {
        assertThatThrownBy(() -> kernel.client(KernelCase.V1, 3, 0, "rr")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("V1").hasMessageContaining("3 credits");
        assertThatThrownBy(() -> kernel.spread(KernelCase.W1, "ready-fifo"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("ready-fifo");
    }
}
