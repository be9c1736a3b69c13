package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code prove} is told and where it works; what it runs is too long for a test. */
class ProveCommandTest {

    @TempDir
    Path folder;

    @Test
    @DisplayName("a check that there is not is refused, and those that there are are named")
    void unknownCheck() {
        Cli cli = Cli.run("prove", "--only", "claims,lies");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("'lies'").contains("claims, litmus, jvm, schedules, mutants");
    }

    @Test
    @DisplayName("without the source tree it says so")
    void noSources() {
        String before = System.getProperty("ringfence.home");
        System.setProperty("ringfence.home", folder.toString());
        try {
            Cli cli = Cli.run("prove", "--quick");
            assertThat(cli.code()).isEqualTo(2);
            assertThat(cli.err()).contains(folder.toString()).contains("source tree");
        } finally {
            if (before == null) {
                System.clearProperty("ringfence.home");
            } else {
                System.setProperty("ringfence.home", before);
            }
        }
    }

    @Test
    @DisplayName("what was found is written as Markdown and as HTML")
    void writes() throws Exception {
        String before = System.getProperty("ringfence.home");
        Path root = Files.createDirectories(folder.resolve("tree"));
        Path litmus = Files.createDirectories(root.resolve("docs/litmus"));
        Files.writeString(root.resolve("docs/memory-ordering.md"), "# Memory ordering");
        Files.writeString(litmus.resolve("check.sh"), """
                echo '| model | verdict |'
                echo '|---|---|'
                echo '| one | Never |'
                """);
        System.setProperty("ringfence.home", root.toString());
        try {
            Cli cli = Cli.run("prove", "--quick", "--only", "litmus", "--out", folder.resolve("report"));
            assertThat(cli.code()).as(cli.err()).isZero();
            assertThat(cli.out()).contains("1 models").contains("everything holds");
            Files.writeString(litmus.resolve("check.sh"), "echo 'one: Sometimes'; exit 1");
            assertThat(Files.readString(folder.resolve("report/report.md"))).contains("## Litmus models")
                    .contains("| one | Never |");
            assertThat(Files.readString(folder.resolve("report/report.html"))).contains("<td>Never</td>");
            Cli worse = Cli.run("prove", "--quick", "--only", "litmus", "--out", folder.resolve("report"));
            assertThat(worse.code()).isEqualTo(1);
            assertThat(worse.out()).contains("NOT EVERYTHING HOLDS");
            assertThat(Files.readString(folder.resolve("report/report.md"))).contains("one: Sometimes");
        } finally {
            if (before == null) {
                System.clearProperty("ringfence.home");
            } else {
                System.setProperty("ringfence.home", before);
            }
        }
    }
}
