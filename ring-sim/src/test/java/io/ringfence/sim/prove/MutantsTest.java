package io.ringfence.sim.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantsTest {

    private static final String PAGE = """
            # Mutants

            | where | mutation | times | why it is left |
            |---|---|---:|---|
            | `Slots.word` | Math | 2 | room at the edges |
            | `Slots.<init>` | MathMutant | 1 | another one |
            """;

    @TempDir
    Path folder;
    private Path page;

    @BeforeEach
    void writePage() throws IOException {
        page = Files.writeString(folder.resolve("mutants.md"), PAGE);
    }

    private static String mutant(String status, String type, String method, String mutator) {
        return String.format("""
                <mutation detected='%s' status='%s' numberOfTestsRun='1'><sourceFile>Slots.java</sourceFile>
                <mutatedClass>io.ringfence.internal.ring.%s</mutatedClass><mutatedMethod>%s</mutatedMethod>
                <lineNumber>71</lineNumber><mutator>org.pitest.mutationtest.engine.gregor.mutators.%s</mutator>
                <description>did &lt;something&gt;</description></mutation>
                """, status.equals("KILLED") || status.equals("TIMED_OUT"), status, type, method, mutator);
    }

    private Section section(String... mutants) throws IOException {
        Path report = Files.writeString(folder.resolve("mutations.xml"),
                "<?xml version='1.0' encoding='UTF-8'?>\n<mutations>" + String.join("", mutants) + "</mutations>");
        return Mutants.section(report, page);
    }

    @Test
    @DisplayName("what is noticed and what is explained is counted, each class by itself")
    void counts() throws IOException {
        Section section = section(mutant("KILLED", "Slots", "word", "MathMutator"),
                mutant("TIMED_OUT", "ClaimCursor", "claim", "returns.NullReturnValsMutator"),
                mutant("SURVIVED", "Slots", "word", "MathMutator"),
                mutant("NO_COVERAGE", "Slots", "word", "MathMutator"));
        assertThat(section.holds()).isTrue();
        assertThat(section.verdict()).isEqualTo("2 of 4 mutants of fences and rings noticed (50.0 %), 2 explained");
        assertThat(section.text()).contains("| `ClaimCursor` | 1 | 1 | 0 |").contains("| `Slots` | 3 | 1 | 2 |");
    }

    @Test
    @DisplayName("one more of a kind than is explained does not hold, and is told by its place")
    void oneTooMany() throws IOException {
        String left = mutant("SURVIVED", "Slots", "word", "MathMutator");
        Section section = section(left, left, left);
        assertThat(section.holds()).isFalse();
        assertThat(section.verdict()).contains("2 explained, 1 NOT");
        assertThat(section.text()).contains("Not explained: `Slots.word` line 71, Math: did <something>");
    }

    @Test
    @DisplayName("an explanation is for one method and one kind of mutation only")
    void otherPlace() throws IOException {
        assertThat(section(mutant("SURVIVED", "Slots", "word", "NegateConditionalsMutator")).holds()).isFalse();
        assertThat(section(mutant("SURVIVED", "Slots", "words", "MathMutator")).holds()).isFalse();
        assertThat(section(mutant("SURVIVED", "Slots", "&lt;init&gt;", "MathMutantMutator")).holds()).isTrue();
    }

    @Test
    @DisplayName("a report without mutants proves nothing, and one that is none is named")
    void empty() throws IOException {
        assertThat(section().holds()).isFalse();
        Path broken = Files.writeString(folder.resolve("broken.xml"), "<mutations>");
        assertThatThrownBy(() -> Mutants.section(broken, page)).isInstanceOf(IOException.class)
                .hasMessageContaining("broken.xml");
    }
}
