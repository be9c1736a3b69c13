package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    @TempDir
    Path folder;
    private String before;

    @BeforeEach
    void inFolder() {
        before = System.getProperty("ringfence.home");
        System.setProperty("ringfence.home", folder.toString());
    }

    @AfterEach
    void outOfFolder() {
        if (before == null) {
            System.clearProperty("ringfence.home");
        } else {
            System.setProperty("ringfence.home", before);
        }
    }

    @Test
    @DisplayName("an unknown target is refused, and the known ones are told")
    void unknown() {
        Cli cli = Cli.run("bench", "--only", "p1,P99");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("'P99'").contains("P1, P2").contains("P11");
    }

    @Test
    @DisplayName("files that cannot be read or written are named before anything runs")
    void files() throws Exception {
        Cli json = Cli.run("bench", "--json", folder.resolve("none/a.json"));
        assertThat(json.code()).isEqualTo(2);
        assertThat(json.err()).contains("a.json").contains("cannot be written");
        Cli html = Cli.run("bench", "--html", folder);
        assertThat(html.code()).isEqualTo(2);
        assertThat(html.err()).contains(folder.toString());
        Cli missing = Cli.run("bench", "--compare", folder.resolve("old.json"));
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err()).contains("--compare").contains("old.json");
        Files.writeString(folder.resolve("old.json"), "[1, 2]");
        Cli foreign = Cli.run("bench", "--compare", folder.resolve("old.json"));
        assertThat(foreign.code()).isEqualTo(2);
        assertThat(foreign.err()).contains("old.json").contains("no results");
    }

    @Test
    @DisplayName("without the benchmarks it says where they should be and who builds them")
    void notBuilt() {
        Cli cli = Cli.run("bench", "--quick");
        assertThat(cli.code()).isEqualTo(2);
        assertThat(cli.err()).contains("benchmarks.jar").contains("./ringfence bench");
    }

    @Test
    @DisplayName("a benchmark that breaks ends it with 1 and the end of what was printed")
    void broken() throws Exception {
        Files.createDirectories(folder.resolve("jmh/target"));
        Files.writeString(folder.resolve("jmh/target/benchmarks.jar"), "no jar");
        Cli cli = Cli.run("bench", "--quick", "--only", "P3");
        assertThat(cli.code()).isEqualTo(1);
        assertThat(cli.err()).contains("P3 failed").contains("benchmarks.jar");
    }
}
