package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code explore}. */
@Tag("explorer")
@Timeout(120)
class ExploreCommandTest {

    @TempDir
    Path folder = Path.of(".");

    @Test
    void spreadsSchedulesAndTellsWhatItDid() throws Exception {
        Path json = folder.resolve("result.json");

        Cli cli = Cli.run("explore", "--seeds", 600, "--json", json);

        assertThat(cli.code()).as(cli.out()).isZero();
        assertThat(cli.out()).contains("two-producers").contains("600 schedules").contains("0 violations");
        assertThat(Cli.json(json)).containsEntry("schedules", "600").containsEntry("violations", "0")
                .containsKey("steps").containsEntry("scenarios.0.name", "two-producers")
                .containsEntry("scenarios.0.violations", "0");
    }

    @Test
    void playsOneScheduleAgain() {
        Cli first = Cli.run("explore", "--scenario", "budget", "--seed", 4711);
        Cli second = Cli.run("explore", "--scenario", "budget", "--seed", 4711);

        assertThat(first.code()).isZero();
        assertThat(first.out()).contains("1 schedules");
        assertThat(steps(first)).isEqualTo(steps(second));
    }

    private static String steps(Cli cli) {
        return cli.out().lines().filter(line -> line.contains("schedules,")).map(line -> line.replaceAll(" in .*", ""))
                .findFirst().orElseThrow();
    }

    @Test
    void coversSmallScenarios() {
        Cli cli = Cli.run("explore", "--scenario", "await", "--strategy", "systematic", "--seeds", 100_000);

        assertThat(cli.code()).isZero();
        assertThat(cli.out()).contains("3 preemptions");
    }

    @Test
    void namesScenarios() {
        Cli cli = Cli.run("explore", "--list");

        assertThat(cli.code()).isZero();
        assertThat(cli.out()).contains("crossed-batches").contains("opposite order");
    }

    @Test
    void refusesWhatItCannotDo() {
        Cli.run("explore", "--scenario", "nothing").assertRefused("nothing", "two-producers");
        Cli.run("explore", "--seeds", 0).assertRefused("0", "1 or more");
        Cli.run("explore", "--seed", 1).assertRefused("--seed 1", "--scenario");
        Cli.run("explore", "--seed", 1, "--scenario", "await", "--strategy", "systematic").assertRefused("--seed 1",
                "no seeds");
        Cli.run("explore", "--strategy", "luck").assertRefused("luck", "systematic");
        Cli.run("explore", "--seeds", 1, "--json", folder.resolve("no/such/file")).assertRefused("cannot be written");
    }
}
