package io.ringfence.sim.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSortTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 64, 1000, 4097})
    void sortsLikeTheLibraryAndKeepsEqualRowsInOrder(int rows) {
        int[] values = new Random(rows).ints(rows, 0, rows / 3 + 1).toArray();
        int[] expected = IntStream.range(0, rows)
                .boxed()
                .sorted(Comparator.comparingInt(row -> values[row]))
                .mapToInt(Integer::intValue)
                .toArray();

        assertThat(IndexSort.sort(rows, (a, b) -> Integer.compare(values[a], values[b]))).containsExactly(expected);
    }
}
