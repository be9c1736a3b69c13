package io.ringfence.sim.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run accepts. */
class RunSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "0,64,16,1,64,--queues 0,1 to 64",
        "65,64,16,1,64,--queues 65,1 to 64",
        "-1,64,16,1,64,--queues -1,1 to 64",
        "4,7,7,1,64,--size 7,8 to 2048",
        "4,2049,64,1,64,--size 2049,8 to 2048",
        "4,64,3,1,64,--tile 3,4 to 64",
        "4,64,65,1,64,--tile 65,4 to 64",
        "4,1024,257,1,64,--tile 257,4 to 256",
        "4,64,16,0,64,--repeat 0,1 to 100000",
        "4,64,16,100001,64,--repeat 100001,1 to 100000",
        "4,64,16,1,0,--credits 0,1 to 1024",
        "4,64,16,1,1025,--credits 1025,1 to 1024",
        "4,2048,4,1,64,--tile 4,at most 1024"})
    void wrongValueIsNamedWithItsRange(int queues, int size, int tile, int repeat, int credits, String named,
            String range) {
        assertThatThrownBy(() -> new RunSettings(queues, size, tile, repeat, credits, 1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(named).hasMessageContaining(range);
    }

    @ParameterizedTest
    @CsvSource({"1,8,4,1,1", "64,8,8,100000,1024", "4,2048,256,1,64", "4,2048,64,1,64", "4,512,64,64,64",
        "1,8,5,1,1"})
    void limitsThemselvesAreFine(int queues, int size, int tile, int repeat, int credits) {
        RunSettings settings = new RunSettings(queues, size, tile, repeat, credits, Long.MIN_VALUE);
        assertThat(settings.arenaBytes()).isBetween(64L, RunSettings.MAX_ARENA_BYTES);
        assertThat(settings.tiles()).isEqualTo(new Tiling(size, tile).count());
    }

    /** Whatever is accepted fits the device that is made for it. */
    @ParameterizedTest
    @CsvSource({"8,4", "8,5", "8,7", "8,8", "33,4", "100,7", "100,99", "255,16", "256,256"})
    void arenaHoldsEveryTile(int size, int tile) {
        RunSettings settings = new RunSettings(1, size, tile, 1, 1, 1);
        try (DeviceSession session = new DeviceSession(MatrixRun.device(settings))) {
            var queue = session.open(io.ringfence.queue.QueueOptions.named("q"));
            TiledProduct product = new TiledProduct(new Tiling(size, tile), session.firmware().memory(), queue,
                    java.util.List.of(queue), queue);
            assertThat(product).isNotNull();
        }
    }

    @Test
    void raggedTilesAtTheEdgeAreSmaller() {
        Tiling tiling = new Tiling(10, 4);
        assertThat(tiling.count()).isEqualTo(3);
        assertThat(tiling.extent(2)).isEqualTo(2);
        assertThat(tiling.elements(2, 0)).isEqualTo(8);
        float[] matrix = new float[100];
        for (int i = 0; i < 100; i++) {
            matrix[i] = i;
        }
        assertThat(tiling.cut(matrix, 2, 1)).containsExactly(84, 85, 86, 87, 94, 95, 96, 97);
        assertThat(tiling.cut(matrix, 1, 2)).containsExactly(48, 49, 58, 59, 68, 69, 78, 79);
    }
}
