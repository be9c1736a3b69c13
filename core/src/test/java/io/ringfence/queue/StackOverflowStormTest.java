package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class StackOverflowStormTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    @DisplayName("H7: calling a queue on a stack that overflows, at every depth, loses no turn and no claimed slot")
    void storm(StackOverflowStorm.Call call) throws Exception {
        assertThat(StackOverflowStorm.run(call)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-Xint, TRY_SUBMIT", "-Xint, POLL", "-Xint, POLL_CHAIN", "-Xint, SUBMIT_CHAIN",
        "-XX:TieredStopAtLevel=1, TRY_SUBMIT", "-XX:TieredStopAtLevel=1, POLL", "-XX:TieredStopAtLevel=1, POLL_CHAIN",
        "-XX:TieredStopAtLevel=1, SUBMIT_CHAIN",
        "-XX:-TieredCompilation, TRY_SUBMIT"})
    @DisplayName("H7: so it is interpreted only and with each compiler alone")
    void stormInAnotherMode(String mode, StackOverflowStorm.Call call) throws Exception {
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), mode,
                "-cp", System.getProperty("java.class.path"), StackOverflowStorm.class.getName(), call.name())
                .redirectErrorStream(true).redirectOutput(out.toFile()).start();
        try {
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(out)).isBlank();
    }
}
