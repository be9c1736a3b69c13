package io.ringfence.sim.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ringfence.sim.workshop.Workshop;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * How many small mistakes in fences and rings the unit tests notice, as PIT makes them, and whether each of those that they do not is
 * explained in {@code docs/mutants.md}. Takes long: not part of a quick run.
 */
final class Mutants implements Check {

    private static final String REPORT = "core/target/pit-reports/mutations.xml";
    private static final String EXPLAINED = "docs/mutants.md";
    /** Where, what, how often, why. */
    private static final Pattern ROW = Pattern.compile("\\| `([\\w.$<>]+)` \\| (\\w+) \\| (\\d+) \\| (.+) \\|");

    @Override
    public String name() {
        return "mutants";
    }

    @Override
    public Section run(Workshop workshop, boolean quick) throws IOException, InterruptedException {
        if (quick) {
            return new Section("Mutants", "not part of a quick run", true, "`./ringfence prove --only mutants`.\n");
        }
        Path report = workshop.root().resolve(REPORT);
        Files.deleteIfExists(report);
        Workshop.Ended ran = workshop.maven("mutants", "-Ppit", "-pl", "core", "-Dspotless.check.skip=true",
                "test-compile", "org.pitest:pitest-maven:mutationCoverage");
        if (!Files.exists(report)) {
            return new Section("Mutants", "PIT has written no report, exit code " + ran.code(), false,
                    Section.printed(ran.tail()));
        }
        Section section = section(report, workshop.root().resolve(EXPLAINED));
        return ran.code() == 0 ? section
                : new Section(section.title(), section.verdict() + ", LESS than the floor", false,
                        section.text() + Section.printed(ran.tail()));
    }

    /** What a report of PIT comes to beside what is explained. */
    static Section section(Path report, Path explained) throws IOException {
        Map<String, Integer> left = explained(explained);
        Map<String, Tally> tallies = new TreeMap<>();
        List<String> unexplained = new ArrayList<>();
        NodeList mutations = Xml.root(report, "PIT").getElementsByTagName("mutation");
        for (int i = 0; i < mutations.getLength(); i++) {
            if (mutations.item(i) instanceof Element mutation) {
                Mutant mutant = Mutant.of(mutation);
                boolean known = mutant.detected || left.merge(mutant.key(), -1, Integer::sum) >= 0;
                tallies.computeIfAbsent(mutant.type, name -> new Tally()).add(mutant, known);
                if (!known) {
                    unexplained.add(mutant.toString());
                }
            }
        }
        StringBuilder text = new StringBuilder("| class | mutants | noticed | explained |\n|---|---:|---:|---:|\n");
        Tally all = new Tally();
        tallies.forEach((name, tally) -> {
            text.append(String.format(Locale.ROOT, "| `%s` | %d | %d | %d |%n", name, tally.all, tally.detected,
                    tally.explained));
            all.add(tally);
        });
        unexplained.forEach(one -> text.append("\nNot explained: ").append(one).append('\n'));
        return new Section("Mutants",
                String.format(Locale.ROOT, "%,d of %,d mutants of fences and rings noticed (%.1f %%), %d explained%s",
                        all.detected, all.all, 100.0 * all.detected / Math.max(1, all.all), all.explained,
                        unexplained.isEmpty() ? "" : ", " + unexplained.size() + " NOT"),
                unexplained.isEmpty() && all.all != 0, text.toString());
    }

    private static Map<String, Integer> explained(Path page) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        for (String line : Files.readAllLines(page, StandardCharsets.UTF_8)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                found.merge(row.group(1) + " " + row.group(2), Integer.parseInt(row.group(3)), Integer::sum);
            }
        }
        return found;
    }

    private record Mutant(String type, String method, String line, String mutator, String description,
            boolean detected) {

        static Mutant of(Element mutation) {
            String mutator = text(mutation, "mutator");
            String type = text(mutation, "mutatedClass");
            return new Mutant(type.substring(type.lastIndexOf('.') + 1), text(mutation, "mutatedMethod"),
                    text(mutation, "lineNumber"),
                    mutator.substring(mutator.lastIndexOf('.') + 1).replaceFirst("(Vals)?Mutator$", ""),
                    text(mutation, "description"), Boolean.parseBoolean(mutation.getAttribute("detected")));
        }

        private static String text(Element mutation, String name) {
            return mutation.getElementsByTagName(name).item(0).getTextContent();
        }

        String key() {
            return type + "." + method + " " + mutator;
        }

        @Override
        public String toString() {
            return "`" + type + "." + method + "` line " + line + ", " + mutator + ": " + description;
        }
    }

    private static final class Tally {
        private int all;
        private int detected;
        private int explained;

        void add(Tally more) {
            all += more.all;
            detected += more.detected;
            explained += more.explained;
        }

        void add(Mutant mutant, boolean known) {
            all++;
            detected += mutant.detected ? 1 : 0;
            explained += known && !mutant.detected ? 1 : 0;
        }
    }
}
