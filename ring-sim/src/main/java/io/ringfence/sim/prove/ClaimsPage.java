package io.ringfence.sim.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the claims of {@code docs/memory-ordering.md}: one table, a row without a claim going on with the one above it. */
final class ClaimsPage {

    private static final String PREFIX = "io.ringfence.jcstress.";
    private static final String HEADING = "## Claims";
    private static final int CELLS = 6;
    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*(?:\\.[A-Z]\\w*)?)`");
    private static final Pattern CONTROL = Pattern.compile("`([A-Z]\\w*)`:?\\s*(.*)");
    private static final Pattern COUNT = Pattern.compile("(rare: )?[1-9][0-9,]* of [0-9,]+.*");

    private final Path page;
    private final List<Claim> claims = new ArrayList<>();
    /** The class that tests and controls are in whose names do not say so. */
    private String outer = "";

    private ClaimsPage(Path page) {
        this.page = page;
    }

    /**
     * Reads the page.
     *
     * @param page the file
     * @return its claims in their order
     * @throws IOException if it cannot be read, or a row of the table is not as it should be
     */
    static List<Claim> read(Path page) throws IOException {
        ClaimsPage reader = new ClaimsPage(page);
        List<String> lines = Files.readAllLines(page);
        int number = lines.indexOf(HEADING) + 1;
        if (number == 0) {
            throw new IOException(page + ": has no heading '" + HEADING + "'");
        }
        boolean began = false;
        for (; number < lines.size() && !lines.get(number).startsWith("## "); number++) {
            String line = lines.get(number);
            if (line.startsWith("|---")) {
                began = true;
            } else if (began && line.startsWith("|")) {
                reader.row(line, number + 1);
            }
        }
        return reader.claims;
    }

    private void row(String line, int number) throws IOException {
        String[] cells = line.substring(1, line.length() - (line.endsWith("|") ? 1 : 0)).split("\\|", -1);
        if (cells.length != CELLS) {
            throw new IOException(page + ":" + number + ": " + cells.length + " cells; must be " + CELLS);
        }
        for (int i = 0; i < CELLS; i++) {
            cells[i] = cells[i].strip();
        }
        List<String> tests = tests(cells[3]);
        List<Claim.Control> controls = controls(cells[4], cells[5]);
        if (!cells[0].isEmpty()) {
            claims.add(new Claim(cells[0], cells[1], cells[2], cells[3], tests, controls));
            return;
        }
        if (claims.isEmpty()) {
            throw new IOException(page + ":" + number + ": the first row has no claim");
        }
        Claim above = claims.removeLast();
        claims.add(new Claim(above.text(), above.writes(), above.reads(), above.proof(), joined(above.tests(), tests),
                joined(above.controls(), controls)));
    }

    private static <T> List<T> joined(List<T> one, List<T> other) {
        List<T> all = new ArrayList<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }

    private List<String> tests(String cell) {
        List<String> tests = new ArrayList<>();
        if (cell.startsWith("`")) {
            for (Matcher name = NAME.matcher(cell); name.find();) {
                tests.add(qualified(name.group(1)));
            }
        }
        return tests;
    }

    private String qualified(String name) {
        int dot = name.indexOf('.');
        if (dot > 0) {
            outer = name.substring(0, dot);
        }
        return PREFIX + (dot > 0 ? name : outer + "." + name);
    }

    private List<Claim.Control> controls(String cell, String shown) {
        Matcher control = CONTROL.matcher(cell);
        if (!control.matches()) {
            return List.of();
        }
        Matcher count = COUNT.matcher(shown);
        Claim.Shows shows = !count.matches() ? Claim.Shows.ELSEWHERE
                : count.group(1) == null ? Claim.Shows.ALWAYS : Claim.Shows.RARELY;
        return List.of(new Claim.Control(qualified(control.group(1)), control.group(2), shown, shows));
    }
}
