package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import io.ringfence.sim.faults.FaultPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes out of range are refused with their name and range. */
class FirmwareOptionsTest {
    private static final FirmwareOptions DEFAULTS = FirmwareOptions.defaults();

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65537, Integer.MAX_VALUE})
    void rings(int count) {
        assertThatThrownBy(() -> DEFAULTS.withRings(count)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rings " + count).hasMessageContaining("1 to 65536");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -2, 0, 1, 3, 1000, 1 << 21})
    void slots(int count) {
        assertThatThrownBy(() -> DEFAULTS.withSlots(count)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slots " + count).hasMessageContaining("power of two from 2 to 1048576");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 63, (1L << 40) + 1})
    void arenaBytes(long bytes) {
        assertThatThrownBy(() -> DEFAULTS.withArenaBytes(bytes)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("arenaBytes " + bytes).hasMessageContaining("64 to 1099511627776");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65537})
    void groupSlots(int count) {
        assertThatThrownBy(() -> DEFAULTS.withGroupSlots(count)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("groupSlots " + count).hasMessageContaining("1 to 65536");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 999, 3_600_000_000_001L})
    void timeSlice(long nanos) {
        assertThatThrownBy(() -> DEFAULTS.withTimeSlice(Duration.ofNanos(nanos)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("timeSlice")
                .hasMessageContaining("PT0.000001S to PT1H");
    }

    @Test
    void limitsThemselvesAreFine() {
        assertThat(DEFAULTS.withRings(1).withRings(65536).rings()).isEqualTo(65536);
        assertThat(DEFAULTS.withSlots(2).withSlots(1 << 20).slots()).isEqualTo(1 << 20);
        assertThat(DEFAULTS.withArenaBytes(64).withArenaBytes(1L << 40).arenaBytes()).isEqualTo(1L << 40);
        assertThat(DEFAULTS.withGroupSlots(1).withGroupSlots(65536).groupSlots()).isEqualTo(65536);
        assertThat(DEFAULTS.withTimeSlice(Duration.ofNanos(1000)).withTimeSlice(Duration.ofHours(1)).timeSlice())
                .isEqualTo(Duration.ofHours(1));
        assertThat(DEFAULTS).isEqualTo(
                new FirmwareOptions(16, 1024, 16 << 20, 16, Duration.ofMillis(10), FaultPlan.none(), false,
                        Duration.ofSeconds(5)));
    }
}
