package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's example is compiled and run as a reader would, without any flag. */
class ReadmeExampleTest {

    private static final Pattern EXAMPLE = Pattern.compile("<!-- example -->\\s*```java\\n(.*?)```", Pattern.DOTALL);
    private static final int MOST_LINES = 20;

    @TempDir
    private Path folder;

    @Test
    void theExampleOfTheReadmePrintsWhatItComputes() throws Exception {
        String source = example();
        assertThat(source.lines().count()).isLessThanOrEqualTo(MOST_LINES);
        Path file = Files.writeString(folder.resolve("Example.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = System.getProperty("java.class.path");
        assertThat(compiler.run(null, null, null, "-cp", classPath, "-d", folder.toString(), file.toString())).isZero();

        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process program = new ProcessBuilder(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        classPath + System.getProperty("path.separator") + folder, "Example"))
                .redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int exit = program.waitFor();

        assertThat(Files.readString(err)).isEmpty();
        assertThat(exit).isZero();
        assertThat(Files.readString(out)).isEqualToIgnoringNewLines("checksum " + Long.toHexString(fnv1a()));
    }

    private static String example() throws IOException {
        Path readme = Path.of(System.getProperty("ringfence.root"), "README.md");
        Matcher matcher = EXAMPLE.matcher(Files.readString(readme));
        assertThat(matcher.find()).as("an example in %s", readme).isTrue();
        return matcher.group(1);
    }

    /** What the example computes on the device: the hash of 1024 bytes of 7. */
    private static long fnv1a() {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < 1024; i++) {
            hash = (hash ^ 7) * 0x100000001b3L;
        }
        return hash;
    }
}
