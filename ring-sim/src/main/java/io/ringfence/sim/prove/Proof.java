package io.ringfence.sim.prove;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import io.ringfence.sim.workshop.Machine;
import io.ringfence.sim.workshop.Workshop;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** All checks, one after the other, and the report of them. */
public final class Proof implements AutoCloseable {

    private static final List<Check> CHECKS =
            List.of(new Claims(), new Litmus(), new JvmTests(), new Schedules(), new Mutants());

    private final Workshop workshop;
    private final boolean quick;
    private final List<Section> sections = new ArrayList<>();

    /**
     * Prepares it.
     *
     * @param root   the source tree
     * @param folder where to write; made if it is not there
     * @param quick  whether it is to be done in minutes
     * @throws IOException if the folder cannot be made
     */
    public Proof(Path root, Path folder, boolean quick) throws IOException {
        workshop = new Workshop(root, folder);
        this.quick = quick;
    }

    /**
     * What can be run.
     *
     * @return the names of the checks
     */
    public static List<String> names() {
        return CHECKS.stream().map(Check::name).toList();
    }

    /**
     * What came of a check.
     *
     * @param title   what it is about
     * @param verdict in one line
     * @param holds   false if something did not hold
     * @param seconds how long it took
     */
    public record Verdict(String title, String verdict, boolean holds, long seconds) {
    }

    /**
     * Runs checks and writes {@code report.md} and {@code report.html}.
     *
     * @param which  the names of the checks
     * @param begins told the name of each check before it is run
     * @param ends   told what came of each
     * @return whether everything held
     * @throws IOException          if a file or a program cannot be had
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public boolean run(Set<String> which, Consumer<String> begins, Consumer<Verdict> ends)
            throws IOException, InterruptedException {
        Instant begun = Instant.now();
        for (Check check : CHECKS) {
            if (which.contains(check.name())) {
                begins.accept(check.name());
                Instant start = Instant.now();
                Section section = check.run(workshop, quick);
                sections.add(section);
                ends.accept(new Verdict(section.title(), section.verdict(), section.holds(),
                        Duration.between(start, Instant.now()).toSeconds()));
            }
        }
        String markdown = markdown(begun);
        Files.writeString(workshop.folder().resolve("report.md"), markdown);
        Files.writeString(workshop.folder().resolve("report.html"), html(markdown));
        return sections.stream().allMatch(Section::holds);
    }

    private String markdown(Instant begun) {
        StringBuilder text = new StringBuilder("# What was proved\n\n");
        text.append(quick ? "A quick run" : "A full run").append(", begun ")
                .append(begun.truncatedTo(ChronoUnit.SECONDS))
                .append(", ").append(Duration.between(begun, Instant.now()).toSeconds()).append(" s, on ")
                .append(Machine.describe())
                .append(".\n\nThe claims are those of `docs/memory-ordering.md`. A test must never show ")
                .append("what is forbidden; its control, the same test without the ordering, has to show it, or the test ")
                .append("proves nothing.\n\n| | verdict |\n|---|---|\n");
        sections.forEach(section -> text.append("| ").append(section.title()).append(" | ")
                .append(section.holds() ? "" : "**").append(Section.cell(section.verdict()))
                .append(section.holds() ? "" : "**").append(" |\n"));
        sections.forEach(section -> text.append("\n## ").append(section.title()).append("\n\n")
                .append(section.verdict()).append(".\n\n").append(section.text()));
        return text.toString();
    }

    private static String html(String markdown) throws IOException {
        List<Extension> tables = List.of(TablesExtension.create());
        String body = HtmlRenderer.builder().extensions(tables).escapeHtml(true).build()
                .render(Parser.builder().extensions(tables).build().parse(markdown));
        try (InputStream page = Objects.requireNonNull(Proof.class.getResourceAsStream("report.html"), "report.html")) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8).replace("${body}", body);
        }
    }

    /** Ends the programs that run. */
    @Override
    public void close() {
        workshop.close();
    }
}
