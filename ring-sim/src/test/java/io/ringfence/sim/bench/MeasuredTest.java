package io.ringfence.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredTest {

    @TempDir
    Path folder;

    private List<Measured> read(String json) throws IOException {
        return Measured.read(Files.writeString(folder.resolve("results.json"), json));
    }

    static String result(String benchmark, String parameters, int threads, String primary, String secondary) {
        return """
                {"jmhVersion": "1.37", "benchmark": "io.ringfence.figures.%s", "mode": "avgt", "threads": %d, "forks": 1,
                 "params": {%s}, "primaryMetric": {%s}, "secondaryMetrics": {%s}}
                """.formatted(benchmark, threads, parameters, primary, secondary);
    }

    static String score(double score, String unit) {
        return "\"score\": " + score + ", \"scoreError\": \"NaN\", \"scoreUnit\": \"" + unit + "\", \"rawData\": [["
                + score + "]]";
    }

    @Test
    @DisplayName("a result of JMH: name, parameters, time in nanoseconds, what else was measured")
    void reads() throws IOException {
        List<Measured> all = read("[" + result("stream.TwoProducers.job", "\"way\": \"ringfence\"", 2,
                score(1.5, "us/op"), "\"gc.alloc.rate.norm\": {" + score(0.25, "B/op") + "}") + "]");
        assertThat(all).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("stream.TwoProducers.job{way=ringfence}");
            assertThat(one.score()).isEqualTo(1500);
            assertThat(one.threads()).isEqualTo(2);
            assertThat(one.secondary()).containsEntry("gc.alloc.rate.norm", 0.25);
            assertThat(one.histogram()).isEmpty();
        });
    }

    @Test
    @DisplayName("one iteration that took long does not count more than the others")
    void median() throws IOException {
        Measured one = read("[" + result("stream.OneProducer.job", "", 1,
                "\"score\": 204.0, \"scoreUnit\": \"ns/op\", \"rawData\": [[50.0, 60.0, 800.0], [54.0, 56.0]]", "")
                + "]").getFirst();
        assertThat(one.score()).isEqualTo(56);
    }

    @Test
    @DisplayName("what a profiler tells is that of the median iteration, what a benchmark counts the sum of all")
    void secondary() throws IOException {
        String iterations = "{\"score\": 12.0, \"scoreUnit\": \"B/op\", \"rawData\": [[11.0, 0.5, 0.25]]}";
        Measured one = read("[" + result("allocation.Allocation.point", "", 1, score(1, "ns/op"),
                "\"gc.alloc.rate.norm\": " + iterations + ", \"seen\": " + iterations) + "]").getFirst();
        assertThat(one.secondary()).containsEntry("gc.alloc.rate.norm", 0.5).containsEntry("seen", 12.0);
    }

    @Test
    @DisplayName("samples of several iterations are added up, ascending")
    void histogram() throws IOException {
        List<Measured> all = read("[" + result("roundtrip.RoundTrip.thereAndBack", "", 1,
                score(300, "ns/op") + ", \"rawDataHistogram\": [[[[200.0, 3], [100.0, 1]], [[200.0, 2]]]]", "") + "]");
        assertThat(all.getFirst().histogram()).containsExactly(new double[] {100, 1}, new double[] {200, 5});
        assertThat(Page.percentile(all.getFirst().histogram(), 10)).isEqualTo(100);
        assertThat(Page.percentile(all.getFirst().histogram(), 50)).isEqualTo(200);
        assertThat(Page.percentile(List.of(), 50)).isZero();
    }

    @Test
    @DisplayName("what is no time an operation, or no file of JMH, is refused by name")
    void refuses() {
        assertThatThrownBy(() -> read("[" + result("a.B.c", "", 1, score(1, "ops/s"), "") + "]"))
                .isInstanceOf(IOException.class).hasMessageContaining("ops/s").hasMessageContaining("results.json");
        assertThatThrownBy(() -> read("{}")).isInstanceOf(IOException.class).hasMessageContaining("results.json");
    }

    @Test
    @DisplayName("a wanted figure is that of its benchmark and parameters, other parameters whatever they are")
    void wanted() throws IOException {
        Measured one = read("[" + result("stream.TwoProducers.job", "\"way\": \"ringfence\", \"size\": \"1\"", 2,
                score(80, "ns/op"), "\"seen:pinned\": {" + score(3, "#") + "}") + "]").getFirst();
        Wanted time = Wanted.time("ours", "stream.TwoProducers.job", "way", "ringfence");
        assertThat(time.isIn(one)).isTrue();
        assertThat(time.figure().applyAsDouble(one)).as("of both threads together").isEqualTo(40);
        assertThat(Wanted.time("peer", "stream.TwoProducers.job", "way", "other").isIn(one)).isFalse();
        assertThat(Wanted.time("ours", "stream.OneProducer.job", "way", "ringfence").isIn(one)).isFalse();
        assertThat(Wanted.counted("pinned", "pinned", "stream.TwoProducers.job").figure().applyAsDouble(one))
                .isEqualTo(3);
        assertThat(Wanted.counted("none", "missing", "stream.TwoProducers.job").figure().applyAsDouble(one)).isNaN();
    }
}
