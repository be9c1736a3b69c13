package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ringfence run}. */
@Timeout(180)
class RunCommandTest {

    @TempDir
    Path folder = Path.of(".");

    @AfterEach
    void noThreadIsLeft() {
        Cli.assertNoThreadIsLeft();
    }

    @Test
    void smallRunIsVerifiedAndReported() throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = Cli.run("run", "--size", 32, "--tile", 8, "--repeat", 1, "--json", json);

        cli.assertOk();
        assertThat(cli.out()).contains("verified", "jobs/s", "round trip p50", "round trip p99.9", "upload",
                "compute-0", "compute-3", "reduce").doesNotContain("NOT VERIFIED");
        Map<String, String> values = Cli.json(json);
        assertThat(values).containsEntry("verified", "true").containsEntry("failed", "0")
                .containsEntry("settings.size", "32").containsEntry("settings.queues", "4")
                .containsEntry("queues.0.name", "upload").containsEntry("queues.5.name", "reduce");
        assertThat(Long.parseLong(values.get("jobs"))).isEqualTo(3 * 16 + 3 * 64 + 25_000);
        assertThat(Double.parseDouble(values.get("jobs_per_second"))).isPositive();
        long p50 = Long.parseLong(values.get("round_trip_ns.p50"));
        long p99 = Long.parseLong(values.get("round_trip_ns.p99"));
        long p999 = Long.parseLong(values.get("round_trip_ns.p999"));
        assertThat(p50).isPositive().isLessThanOrEqualTo(p99);
        assertThat(p99).isLessThanOrEqualTo(p999);
        assertThat(p999).isLessThanOrEqualTo(Long.parseLong(values.get("round_trip_ns.max")));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(json);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,8,5,1", "7,40,9,3"})
    void otherShapesAreVerifiedToo(int queues, int size, int tile, int credits) {
        Cli cli = Cli.run("run", "--queues", queues, "--size", size, "--tile", tile, "--repeat", 2, "--credits",
                credits, "--seed", -5);
        cli.assertOk();
        assertThat(cli.out()).contains("verified: ", "compute-" + (queues - 1));
    }

    @ParameterizedTest
    @CsvSource({
        "--queues,0,1 to 64",
        "--queues,65,1 to 64",
        "--size,7,8 to 2048",
        "--size,2049,8 to 2048",
        "--tile,3,4 to 256",
        "--tile,300,4 to 256",
        "--repeat,0,1 to 100000",
        "--repeat,100001,1 to 100000",
        "--credits,0,1 to 1024",
        "--credits,1025,1 to 1024"})
    void valueOutOfRangeIsNamedWithItsRange(String option, String value, String range) {
        Path json = folder.resolve("result.json");
        Cli.run("run", option, value, "--json", json).assertRefused(option, value, range);
        assertThat(json).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "--queues,x,1 to 64",
        "--size,1e3,8 to 2048",
        "--tile,'',4 to 256",
        "--repeat,99999999999,1 to 100000",
        "--credits,1.5,1 to 1024"})
    void valueThatIsNoNumberIsNamedWithItsRange(String option, String value, String range) {
        Cli.run("run", option, value).assertRefused(option, value, range);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1.5", "9223372036854775808"})
    void seedThatIsNoNumberIsNamed(String value) {
        Cli.run("run", "--seed", value).assertRefused("--seed", value);
    }

    @Test
    void tileLargerThanTheMatrixIsNamedWithItsRange() {
        Cli.run("run", "--size", 16, "--tile", 17).assertRefused("--tile 17", "4 to 16");
        Cli.run("run", "--size", 2048, "--tile", 4).assertRefused("--tile 4", "at most 1024");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--quues", "--Size=8", "-q", "surplus"})
    void unknownWordIsNamed(String word) {
        Cli.run("run", word).assertRefused(word);
    }

    @Test
    void optionWithoutItsValueIsNamed() {
        Cli.run("run", "--size").assertRefused("--size");
        Cli.run("run", "--size", 8, "--size", 9).assertRefused("--size");
    }

    @Test
    void unknownCommandIsNamed() {
        Cli.run("fly").assertRefused("fly");
        Cli.run("--fly").assertRefused("--fly");
    }

    @Test
    void jsonThatCannotBeWrittenIsRefusedBeforeTheWork() {
        Path nowhere = folder.resolve("no-such-folder").resolve("result.json");
        Cli.run("run", "--repeat", 100_000, "--json", nowhere).assertRefused(nowhere.toString());
        Cli.run("run", "--repeat", 100_000, "--json", folder).assertRefused(folder.toString());
    }

    @Test
    void helpNamesEveryRange() {
        Cli cli = Cli.run("run", "--help");
        assertThat(cli.code()).isZero();
        assertThat(cli.err()).isEmpty();
        String text = cli.out().replaceAll("\\s+", " ");
        assertThat(text).contains("--queues", "1 to 64", "--size", "8 to 2048", "--tile", "4 to 256", "--repeat",
                "1 to 100000", "--credits", "1 to 1024", "--seed", "--json", "Examples:", "ringfence run --queues 8");
    }

    @Test
    void programTellsItsCommands() {
        Cli help = Cli.run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("run", "replay", "Examples:");
        Cli nothing = Cli.run();
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("run", "replay");
        assertThat(Cli.run("--version").out()).startsWith("ringfence ");
    }
}
