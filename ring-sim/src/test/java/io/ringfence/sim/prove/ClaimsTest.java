package io.ringfence.sim.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about memory ordering, and what is made of it and of what jcstress has seen. */
class ClaimsTest {
    private static final Path ROOT = Path.of(System.getProperty("ringfence.root"));
    private static final String PAGE = """
            # Memory ordering

            ## Claims

            | claim | writing access | reading access | test | control | the control on x86-64 |
            |---|---|---|---|---|---|
            | First. | `w` | `r` | `Alpha.Real`, `Second` | `Weak`: weakened | 1,234 of 5,678 |
            | | | | | `Rare`: weakened less | rare: 3 of 9,999,999; the compiler only |
            | Second. | `w` | `r` | `Beta.Real`, a model | `Weak`: weakened | none; weaker machines only |
            | Third. | `w` | `r` | the explorer, `cancel` | its mutation | 1 of 524 schedules |

            ## Fields

            | field | read |
            |---|---|
            | x | y |
            """;

    @TempDir
    Path folder;

    private List<Claim> claims() throws IOException {
        return ClaimsPage.read(Files.writeString(folder.resolve("page.md"), PAGE));
    }

    @Test
    @DisplayName("a row without a claim goes on with the one above; names without a class are of the last one")
    void reads() throws IOException {
        List<Claim> claims = claims();
        assertThat(claims).extracting(Claim::text).containsExactly("First.", "Second.", "Third.");
        assertThat(claims.getFirst().tests()).containsExactly("io.ringfence.jcstress.Alpha.Real",
                "io.ringfence.jcstress.Alpha.Second");
        assertThat(claims.getFirst().controls()).extracting(Claim.Control::name)
                .containsExactly("io.ringfence.jcstress.Alpha.Weak", "io.ringfence.jcstress.Alpha.Rare");
        assertThat(claims.stream().flatMap(claim -> claim.controls().stream()).map(Claim.Control::shows))
                .containsExactly(Claim.Shows.ALWAYS, Claim.Shows.RARELY, Claim.Shows.ELSEWHERE);
        assertThat(claims.getLast().tests()).isEmpty();
        assertThat(claims.getLast().controls()).isEmpty();
    }

    @Test
    @DisplayName("a row with too few cells is named by its line")
    void malformed() throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), PAGE.replace("| 1,234 of 5,678 |", "|"));
        assertThatThrownBy(() -> ClaimsPage.read(page)).isInstanceOf(IOException.class).hasMessageContaining(":7")
                .hasMessageContaining("must be 6");
    }

    private static List<String> run(String name, long fine, long interesting, long forbidden) {
        String full = "io.ringfence.jcstress." + name;
        List<String> lines = new ArrayList<>();
        lines.add("test\t" + full + "\tNORMAL\t" + (fine + interesting + forbidden) + "\ttrue");
        lines.add("outcome\t" + full + "\t0\t" + fine + "\tACCEPTABLE\tfine");
        lines.add("outcome\t" + full + "\t1\t" + interesting + "\tACCEPTABLE_INTERESTING\tshown");
        lines.add("outcome\t" + full + "\t2\t" + forbidden + "\tFORBIDDEN\tlost");
        return lines;
    }

    private static Map<String, TestRun> runs(List<List<String>> runs) {
        return TestRun.parse(runs.stream().flatMap(List::stream).toList(), Map.of());
    }

    private static Map<String, TestRun> good() {
        return runs(List.of(run("Alpha.Real", 10, 0, 0), run("Alpha.Second", 10, 0, 0), run("Alpha.Weak", 10, 5, 0),
                run("Alpha.Rare", 10, 0, 0), run("Beta.Real", 10, 0, 0), run("Beta.Weak", 10, 0, 0)));
    }

    @Test
    @DisplayName("all holds if the tests do, the controls show something, and what shows seldom or elsewhere may not")
    void holds() throws IOException {
        Section section = Claims.judge(claims(), good());
        assertThat(section.holds()).isTrue();
        assertThat(section.verdict()).contains("3 claims, 3 tests, 65 samples; 1 of 3 controls");
        assertThat(section.text()).contains("not this time").contains("other machines only").contains("elsewhere");
    }

    private void isWrong(Map<String, TestRun> runs, String why) throws IOException {
        Section section = Claims.judge(claims(), runs);
        assertThat(section.holds()).isFalse();
        assertThat(section.verdict()).contains("WRONG");
        assertThat(section.text()).contains(why);
    }

    @Test
    @DisplayName("a forbidden outcome, a test that was not run, one without a row, and a control that shows nothing are wrong")
    void wrong() throws IOException {
        isWrong(TestRun.parse(run("Alpha.Second", 0, 0, 7), good()), "Alpha.Second` (NORMAL): 2, 7 times: lost");
        isWrong(TestRun.parse(run("Gamma.Real", 1, 0, 0), good()), "Gamma.Real` has no row");
        isWrong(runs(List.of(run("Alpha.Real", 10, 0, 0), run("Alpha.Second", 10, 0, 0), run("Alpha.Weak", 10, 0, 0),
                run("Alpha.Rare", 10, 0, 0), run("Beta.Real", 10, 0, 0), run("Beta.Weak", 10, 0, 0))),
                "Alpha.Weak` has shown nothing in 10 samples");
        isWrong(runs(List.of(run("Alpha.Real", 10, 0, 0))), "Beta.Real` was not run");
        isWrong(TestRun.parse(List.of("test\tio.ringfence.jcstress.Beta.Weak\tVM_ERROR\t0\ttrue"), good()),
                "Beta.Weak` (VM_ERROR)");
    }

    @Test
    @DisplayName("two runs of one test count together")
    void adds() throws IOException {
        Map<String, TestRun> twice = TestRun.parse(run("Alpha.Rare", 5, 1, 0), good());
        assertThat(twice.get("io.ringfence.jcstress.Alpha.Rare").samples()).isEqualTo(16);
        assertThat(twice.get("io.ringfence.jcstress.Alpha.Rare").shown()).isEqualTo(1);
        assertThat(Claims.judge(claims(), twice).verdict()).contains("2 of 3 controls");
    }

    @Test
    @DisplayName("the page has 40 claims or more, each jcstress test has a row, each row's tests exist and have a control")
    void page() throws IOException {
        List<Claim> claims = ClaimsPage.read(ROOT.resolve("docs/memory-ordering.md"));
        assertThat(claims).hasSizeGreaterThanOrEqualTo(40);
        List<String> listed = new ArrayList<>();
        for (Claim claim : claims) {
            listed.addAll(claim.tests());
            claim.controls().forEach(control -> listed.add(control.name()));
            if (!claim.tests().isEmpty()) {
                assertThat(claim.controls()).as("controls of: " + claim.text()).isNotEmpty();
            }
        }
        assertThat(listed).containsAll(written()).allMatch(written()::contains);
    }

    private static List<String> written() throws IOException {
        Pattern test = Pattern.compile("@JCStressTest.*?public static class (\\w+)", Pattern.DOTALL);
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("jcstress-tests/src/main/java/io/ringfence/jcstress"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String outer = file.getFileName().toString().replace(".java", "");
                for (Matcher found = test.matcher(Files.readString(file)); found.find();) {
                    names.add("io.ringfence.jcstress." + outer + "." + found.group(1));
                }
            }
        }
        assertThat(names).hasSizeGreaterThanOrEqualTo(80);
        return names;
    }
}
