package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The arena as the host sees it. */
class DeviceMemoryTest extends DeviceTestBase {

    @Test
    void allocationsAreAlignedAndDoNotOverlap() {
        DeviceMemory memory = device(FirmwareOptions.defaults().withArenaBytes(1000)).memory();
        long first = memory.allocate(1);
        long second = memory.allocate(65);
        long third = memory.allocate(0);
        long fourth = memory.allocate(64);
        assertThat(new long[] {first, second, third, fourth}).containsExactly(0, 64, 192, 192);
        assertThat(memory.size()).isEqualTo(1000);
    }

    @Test
    void moreThanIsLeftIsRefusedWithWhatIsLeft() {
        DeviceMemory memory = device(FirmwareOptions.defaults().withArenaBytes(1000)).memory();
        assertThatThrownBy(() -> memory.allocate(1001)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 1000");
        assertThatThrownBy(() -> memory.allocate(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(memory.allocate(960)).isZero();
        assertThat(memory.allocate(40)).isEqualTo(960);
        assertThat(memory.allocate(0)).isEqualTo(1000);
        assertThatThrownBy(() -> memory.allocate(1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 to 0");
    }

    @Test
    void accessOutsideIsRefused() {
        DeviceMemory memory = device(FirmwareOptions.defaults().withArenaBytes(64)).memory();
        memory.writeFloats(48, new float[] {1, 2, 3, 4});
        assertThat(memory.readFloats(56, 2)).containsExactly(3f, 4f);
        assertThatThrownBy(() -> memory.writeFloats(52, new float[4])).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.readFloats(-4, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.readLong(64)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.writeLong(-8, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
