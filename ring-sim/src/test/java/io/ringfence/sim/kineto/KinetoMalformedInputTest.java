package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.TraceFormatException;

import static io.ringfence.sim.kineto.TraceText.kernel;
import static io.ringfence.sim.kineto.TraceText.launch;
import static io.ringfence.sim.kineto.TraceText.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KinetoMalformedInputTest {

    private static final String GOOD = trace(launch(1, "10"), kernel(0, 7, 1, "20", "5"));

    @TempDir
    Path folder = Path.of(".");

    @Test
    void missingFileIsNamed() {
        assertRejected(folder.resolve("nowhere.json"), "no such file");
    }

    @Test
    void folderIsRejected() {
        assertRejected(folder, "is a directory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|is empty",
                "~  \n ~|is empty",
                "hello|not valid JSON",
                "{\"traceEvents\": [}]}|not valid JSON",
                "{\"traceEvents\" [1]}|not valid JSON",
                "[1, 2]|is not an object",
                "\"text\"|is not an object",
                "{}|no traceEvents",
                "{\"name\": \"ringfence\", \"list\": [1, {\"a\": 2}]}|no traceEvents",
                "{\"traceEvents\": {}}|traceEvents is not an array",
                "{\"traceEvents\": null}|traceEvents is not an array",
                "{\"traceEvents\": []}|no kernel, gpu_memcpy or gpu_memset event",
                "{\"traceEvents\": [1, null, \"x\", [2], {}]}|no kernel, gpu_memcpy or gpu_memset event",
                "{\"traceEvents\": []} {}|more follows",
                "{\"traceEvents\": [|truncated",
                "{\"traceEvents\": [{\"ph\": \"X\", \"ca|truncated",
                "{\"a\": 1|truncated",
                "{\"traceEvents\": []} x|not valid JSON"
            })
    void malformedTextIsRejectedInOneLine(String text, String reason) {
        assertRejected(TraceText.write(folder, text), reason);
    }

    @Test
    void traceWithoutUsableOperationIsRejected() {
        Path file = TraceText.write(folder, trace(launch(1, "10"), kernel(0, 7, 1, "20", "-5")));

        assertRejected(file, "no kernel, gpu_memcpy or gpu_memset event with ts and dur");
    }

    @Test
    void everyTruncationOfTextIsRejected() throws Exception {
        byte[] bytes = GOOD.strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            assertRejected(write(Arrays.copyOf(bytes, length)), "");
        }
        assertThat(KinetoReader.read(write(bytes)).jobCount()).isEqualTo(1);
    }

    @Test
    void everyTruncationOfGzipIsRejected() throws Exception {
        byte[] bytes = gzip(GOOD);
        for (int length = 2; length < bytes.length; length++) {
            assertRejected(write(Arrays.copyOf(bytes, length)), "truncated");
        }
        assertThat(KinetoReader.read(write(bytes)).jobCount()).isEqualTo(1);
    }

    @Test
    void damagedGzipIsRejected() throws Exception {
        byte[] bytes = gzip(GOOD);
        bytes[bytes.length - 6] ^= 0x55;

        assertRejected(write(bytes), "damaged gzip data");
    }

    @Test
    void emptyGzipIsRejected() throws Exception {
        assertRejected(write(gzip("")), "is empty");
    }

    @Test
    void randomDamageNeverEscapesAsAnotherException() throws Exception {
        Random random = new Random(7);
        byte[] plain = GOOD.getBytes(StandardCharsets.UTF_8);
        byte[] packed = gzip(GOOD);
        for (int round = 0; round < 3_000; round++) {
            byte[] bytes = (round % 2 == 0 ? plain : packed).clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = write(bytes);
            Throwable thrown = catchThrowable(() -> KinetoReader.read(file));
            if (thrown != null) {
                assertThat(thrown)
                        .isInstanceOf(TraceFormatException.class)
                        .message()
                        .satisfies(message -> assertThat(message.lines()).hasSize(1));
            }
        }
    }

    @Test
    void bottomlessNestingIsRejectedWithoutOverflow() {
        String text = "{\"traceEvents\": [{\"args\": {\"deep\": " + "[".repeat(1_000_000);

        assertRejected(TraceText.write(folder, text), "");
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("bytes"), bytes);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static void assertRejected(Path file, String reason) {
        assertThatThrownBy(() -> KinetoReader.read(file))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason)
                .message()
                .satisfies(message -> assertThat(message.lines()).hasSize(1));
    }
}
