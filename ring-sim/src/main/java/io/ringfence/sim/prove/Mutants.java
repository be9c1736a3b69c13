package io.ringfence.sim.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** How many small mistakes in fences and rings the unit tests notice, as PIT makes them. Takes long: not part of a quick run. */
final class Mutants implements Check {

    private static final String REPORT = "core/target/pit-reports/mutations.xml";

    @Override
    public String name() {
        return "mutants";
    }

    @Override
    public Section run(Workshop workshop, boolean quick) throws IOException, InterruptedException {
        if (quick) {
            return new Section("Mutants", "not part of a quick run", true,
                    "`./ringfence prove --only mutants`, or `mvn -B -Ppit -pl core verify`.\n");
        }
        Workshop.Ended ran = workshop.maven("mutants", "-q", "-Ppit", "-pl", "core", "-Dspotless.check.skip=true",
                "-Dsurefire.skip=true", "verify");
        boolean holds = ran.code() == 0;
        Path report = workshop.root().resolve(REPORT);
        if (!Files.exists(report)) {
            return new Section("Mutants", "PIT has written no report, exit code " + ran.code(), false,
                    Section.printed(ran.tail()));
        }
        Tally all = new Tally();
        StringBuilder text = new StringBuilder("| class | mutants | noticed | not covered |\n|---|---:|---:|---:|\n");
        tallies(report).forEach((name, tally) -> {
            text.append(String.format(Locale.ROOT, "| `%s` | %d | %d | %d |%n", name, tally.all, tally.killed,
                    tally.uncovered));
            all.add(tally);
        });
        return new Section("Mutants",
                String.format(Locale.ROOT, "%d of %d mutants of fences and rings noticed (%.1f %%)%s",
                        all.killed, all.all, 100.0 * all.killed / Math.max(1, all.all),
                        holds ? "" : ", LESS than the floor"),
                holds,
                holds ? text.toString() : text + Section.printed(ran.tail()));
    }

    private static final class Tally {
        private int all;
        private int killed;
        private int uncovered;

        void add(Tally more) {
            all += more.all;
            killed += more.killed;
            uncovered += more.uncovered;
        }

        void add(String status, boolean detected) {
            all++;
            killed += detected ? 1 : 0;
            uncovered += status.equals("NO_COVERAGE") ? 1 : 0;
        }
    }

    private static Map<String, Tally> tallies(Path report) throws IOException {
        try {
            NodeList mutations = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
                    .parse(report.toFile()).getElementsByTagName("mutation");
            Map<String, Tally> tallies = new TreeMap<>();
            for (int i = 0; i < mutations.getLength(); i++) {
                if (mutations.item(i) instanceof Element mutation) {
                    String type = mutation.getElementsByTagName("mutatedClass").item(0).getTextContent();
                    tallies.computeIfAbsent(type, name -> new Tally()).add(mutation.getAttribute("status"),
                            Boolean.parseBoolean(mutation.getAttribute("detected")));
                }
            }
            return tallies;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + ": is no report of PIT", e);
        }
    }
}
