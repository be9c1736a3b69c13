package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ringfence schedule}. */
@Timeout(180)
class ScheduleCommandTest {

    @TempDir
    Path folder = Path.of(".");

    @AfterEach
    void noThreadIsLeft() {
        Cli.assertNoThreadIsLeft();
    }

    private Map<String, String> virtually(Object... arguments) throws Exception {
        Path json = folder.resolve("result.json");
        Object[] all = new Object[arguments.length + 4];
        all[0] = "schedule";
        all[1] = "--virtual";
        all[2] = "--json";
        all[3] = json;
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        Cli.run(all).assertOk();
        return Cli.json(json);
    }

    private static double share(Map<String, String> values, int client) {
        return Double.parseDouble(values.get("clients." + client + ".share"));
    }

    @ParameterizedTest
    @CsvSource({"normal, low, 0.8889", "high, normal, 0.8", "kernel, high, 0.6667", "high, low, 0.9697",
        "normal, normal, 0.5"})
    void busyClientsGetTheSharesOfTheirPriorities(String one, String other, double share) throws Exception {
        for (int credits = 1; credits <= 2; credits++) {
            Map<String, String> values = virtually("--seconds", 20, "--credits", credits, "--clients",
                    "a:" + one + ":each=5ms,ahead=16", "b:" + other + ":each=5ms,ahead=16");
            assertThat(share(values, 0)).isCloseTo(share, within(0.01));
            assertThat(share(values, 0) + share(values, 1)).isCloseTo(1, within(1e-9));
            assertThat(Double.parseDouble(values.get("busy"))).isCloseTo(1, within(0.01));
        }
    }

    @Test
    void strictPoliciesLetTheLessUrgentStarve() throws Exception {
        for (String policy : List.of("fifo", "rr", "READY-FIFO")) {
            Map<String, String> values = virtually("--seconds", 5, "--policy", policy, "--clients",
                    "a:high:each=5ms,ahead=16", "b:low:each=5ms,ahead=16");
            assertThat(values).as(policy).containsEntry("clients.1.jobs", "0").containsEntry("clients.1.share", "0.0")
                    .containsEntry("clients.0.share", "1.0");
        }
    }

    @Test
    void clientThatComesAfterAnotherHasNoMoreCyclesThanThat() throws Exception {
        Map<String, String> values = virtually("--seconds", 5, "--clients", "maker:normal:each=2ms,rest=30ms",
                "user:high:each=1ms,rest=40ms,after=maker");
        assertThat(Long.parseLong(values.get("clients.1.jobs"))).isBetween(50L,
                Long.parseLong(values.get("clients.0.jobs")));
    }

    @Test
    void virtualClockAndSeedDecideTheResult() throws Exception {
        Map<String, String> once = virtually("--seed", 7);
        assertThat(virtually("--seed", 7)).isEqualTo(once);
        assertThat(virtually("--seed", 8)).isNotEqualTo(once);
        assertThat(once).containsEntry("policy", "fair").containsEntry("credits", "2").containsEntry("seed", "7")
                .containsEntry("elapsed_ms", "10000.0").containsEntry("clients.0.name", "desktop")
                .containsEntry("clients.0.priority", "high").containsEntry("clients.0.failed", "0");
    }

    @Test
    void realTimeWithoutATerminalIsPlainLinesAndATable() throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = Cli.run("schedule", "--seconds", 2, "--json", json);
        cli.assertOk();
        assertThat(cli.out()).contains(" s: ", "| desktop ", "| backup ", "p99", "fair, 2 credits: ")
                .doesNotContain("\033", "stopped");
        assertThat(cli.out().lines()).allMatch(line -> line.length() <= 120);
        Map<String, String> values = Cli.json(json);
        double shares = 0;
        long jobs = 0;
        for (int i = 0; i < 5; i++) {
            String client = "clients." + i + ".";
            shares += share(values, i);
            jobs += Long.parseLong(values.get(client + "jobs"));
            double p50 = Double.parseDouble(values.get(client + "waited_ms.p50"));
            double p99 = Double.parseDouble(values.get(client + "waited_ms.p99"));
            assertThat(p50).isLessThanOrEqualTo(p99);
            assertThat(p99).isLessThanOrEqualTo(Double.parseDouble(values.get(client + "waited_ms.worst")));
        }
        assertThat(shares).isCloseTo(1, within(1e-9));
        assertThat(jobs).isPositive().isLessThanOrEqualTo(Long.parseLong(values.get("decisions")));
        assertThat(Double.parseDouble(values.get("elapsed_ms"))).isGreaterThanOrEqualTo(1_999);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--policy|lottery|fair, fifo, ready-fifo, rr",
        "--policy|''|fair, fifo, ready-fifo, rr",
        "--credits|0|1 to 1024",
        "--credits|1025|1 to 1024",
        "--credits|two|1 to 1024",
        "--seconds|0|1 to 86400",
        "--seconds|86401|1 to 86400",
        "--seconds|1.5|1 to 86400",
        "--seed|x|whole number",
        "--clients|a|NAME:PRIORITY",
        "--clients|a:urgent|kernel, high, normal or low",
        "--clients|a:low:each=1h|10us to 1s",
        "--clients|a:low:after=b|another client"})
    void wrongValueIsNamedWithItsRange(String option, String value, String range) {
        Path json = folder.resolve("result.json");
        Cli.run("schedule", "--json", json, option, value).assertRefused(option,
                option.equals("--clients") ? "client" : value, range);
        assertThat(json).doesNotExist();
    }

    @Test
    void fileThatCannotBeWrittenIsRefusedBeforeTheWork() {
        Path nowhere = folder.resolve("no-such-folder").resolve("result.json");
        Cli.run("schedule", "--seconds", 86_400, "--json", nowhere).assertRefused(nowhere.toString());
        Cli.run("fairness", nowhere).assertRefused(nowhere.toString());
        Cli.run("fairness", folder).assertRefused(folder.toString());
        Cli.run("fairness", folder.resolve("a"), folder.resolve("b")).assertRefused("b");
    }

    @Test
    void pageIsWrittenToAFileOrToStandardOutput() throws Exception {
        Path page = folder.resolve("page.md");
        Cli written = Cli.run("fairness", page);
        written.assertOk();
        assertThat(written.out()).isEmpty();
        Cli printed = Cli.run("fairness");
        printed.assertOk();
        assertThat(printed.out()).isEqualTo(Files.readString(page)).startsWith("# Fairness");
    }

    @Test
    void helpNamesEveryRange() {
        String text = Cli.run("schedule", "--help").out().replaceAll("\\s+", " ");
        assertThat(text).contains("--policy", "fair, fifo, ready-fifo or rr", "1 to 1024", "1 to 86400", "1 to 26",
                "jobs=N", "each=TIME", "rest=TIME", "ahead=N", "after=NAME", "--virtual", "Examples:");
    }
}
