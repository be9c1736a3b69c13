package io.ringfence.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path folder;

    private static Answer answer(Question question, double ours) {
        Figures figures = new Figures();
        for (int round = 0; round < 3; round++) {
            for (Wanted wanted : question.wanted(true)) {
                figures.add(wanted.name(), wanted.name().equals(question.ours) ? ours + round : 100);
            }
        }
        return Answer.of(question, figures);
    }

    private static Report report(String machine, double ours) {
        List<Answer> answers = new ArrayList<>();
        for (Question question : Question.values()) {
            answers.add(answer(question, ours));
        }
        return new Report(machine, Instant.parse("2026-01-02T03:04:05Z"), true, answers);
    }

    private Path write(Report report) throws IOException {
        Path file = folder.resolve("bench.json");
        try (Writer out = Files.newBufferedWriter(file); JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            report.write(json);
            json.writeEndObject();
        }
        return file;
    }

    @Test
    @DisplayName("the file has limits, and for each question ours, unit, peer, limit, met and parts")
    void json() throws IOException {
        Object tree = JsonTree.read(write(report("here", 90)));
        assertThat(JsonTree.object(tree, "limits")).containsEntry("two_lines_there_and_back_ns", 100.0)
                .containsEntry("slot_stream_ns", 100.0);
        Map<String, ?> results = JsonTree.object(tree, "results");
        assertThat(results.keySet()).containsExactlyElementsOf(Bench.names());
        results.forEach((id, result) -> {
            assertThat(JsonTree.asObject(result)).as(id).containsKeys("ours", "unit", "peer", "peer_name", "limit",
                    "met", "parts");
            assertThat(JsonTree.number(result, "ours")).isNotNaN();
            assertThat(JsonTree.list(result, "parts")).isNotEmpty().allSatisfy(
                    part -> assertThat(JsonTree.asObject(part)).containsOnlyKeys("name", "ours", "target", "met"));
        });
        assertThat(JsonTree.asObject(results.get("P6"))).containsEntry("peer", null).containsEntry("limit", null);
        assertThat(JsonTree.asObject(results.get("P1"))).containsEntry("ours", 91.0).containsEntry("peer", 100.0)
                .containsEntry("met", true);
    }

    @Test
    @DisplayName("a later run says what has moved: no round of the one within those of the other")
    void compares() throws IOException {
        Report.Earlier before = Report.read(write(report("here", 90)));
        assertThat(before.machine()).isEqualTo("here");
        assertThat(before.quick()).isTrue();
        assertThat(before.to(report("here", 91))).noneMatch(Report.Move::moved);
        List<Report.Move> moves = before.to(report("here", 93));
        assertThat(moves).filteredOn(Report.Move::moved)
                .allSatisfy(move -> assertThat(move.name()).isEqualTo(Question.valueOf(move.id()).ours))
                .extracting(Report.Move::id).contains("P1", "P2", "P7");
        assertThat(moves).filteredOn(move -> move.id().equals("P1") && move.name().equals("point")).singleElement()
                .isEqualTo(new Report.Move("P1", "point", 91, 94, true));
    }

    @Test
    @DisplayName("too few rounds tell nothing")
    void oneRound() {
        assertThat(new Series(List.of(1.0, 1.0)).isApartFrom(new Series(List.of(9.0, 9.0, 9.0)))).isFalse();
        assertThat(new Series(List.of(1.0, 1.0, 2.0)).isApartFrom(new Series(List.of(3.0, 9.0, 9.0)))).isTrue();
        assertThat(new Series(List.of(1.0, 1.0, 3.0)).isApartFrom(new Series(List.of(3.0, 9.0, 9.0)))).isFalse();
        assertThat(new Series(List.of(7.0)).spread()).isNaN();
        assertThat(new Series(List.of(4.0, 2.0, 3.0)).spread()).isEqualTo(2.0 / 3);
    }

    @Test
    @DisplayName("a file of something else is refused by name")
    void foreign() throws IOException {
        Path other = Files.writeString(folder.resolve("other.json"), "{\"results\": {\"P1\": {}}}");
        assertThatThrownBy(() -> Report.read(other)).isInstanceOf(IOException.class)
                .hasMessageContaining("other.json");
        Path words = Files.writeString(folder.resolve("words.json"),
                "{\"results\": {\"P1\": {\"rounds\": {\"point\": [1, \"x\"]}}}}");
        assertThatThrownBy(() -> Report.read(words)).isInstanceOf(IOException.class).hasMessageContaining("'x'")
                .hasMessageContaining("P1");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"results\": ");
        assertThatThrownBy(() -> Report.read(broken)).isInstanceOf(IOException.class);
    }

    @Test
    @DisplayName("the page has table, plots and their library in it, and nothing ends its script early")
    void page() throws IOException {
        String page = Page.of(report("</script><b>machine", 90),
                Map.of("</script>", List.of(new double[] {100, 5}, new double[] {900, 1})));
        assertThat(page).contains("&lt;/script&gt;&lt;b&gt;machine").contains("one job there and back")
                .contains("\"two lines\":[100.0,100.0,100.0]").contains("echarts.init").contains("2026-01-02T03:04:05Z")
                .contains("\\u003c/script>").doesNotContain("${").doesNotContain("<script src");
        assertThat(page.split("</script>", -1)).as("two scripts").hasSize(3);
        assertThat(page.length()).as("the library is in it").isGreaterThan(500_000);
    }
}
