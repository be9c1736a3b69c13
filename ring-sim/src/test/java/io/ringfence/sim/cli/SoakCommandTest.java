package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SoakCommandTest {

    @TempDir
    private Path folder;

    @Test
    void countsAndFindsNothing() throws Exception {
        Path json = folder.resolve("soak.json");
        Cli cli = Cli.run("soak", "--seconds", 3, "--seed", 5, "--json", json);
        assertThat(cli.code()).as(cli.out() + cli.err()).isZero();
        assertThat(cli.out()).contains("run_twice").contains("clean");
        Map<String, String> values = Cli.json(json);
        assertThat(values).containsEntry("lost", "0").containsEntry("run_twice", "0").containsEntry("unsignaled", "0")
                .containsEntry("order_violations", "0").containsEntry("seed", "5").containsKeys("victims");
        for (String count : List.of("jobs", "ok", "hangs", "resets", "replayed", "kills")) {
            assertThat(Long.parseLong(values.get(count))).as(count).isPositive();
        }
    }

    @Test
    void refusesWhatIsOutOfRange() {
        Cli.run("soak", "--seconds", 0).assertRefused("--seconds 0", "1 to 86400");
        Cli.run("soak", "--seconds", "soon").assertRefused("--seconds", "1 to 86400");
        Cli.run("soak", "--json", folder).assertRefused(folder.toString());
    }
}
