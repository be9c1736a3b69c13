package io.ringfence.sim.prove;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What jcstress has seen of one test.
 *
 * @param name     its full name
 * @param status   NORMAL, or why it could not be run to its end
 * @param samples  how often it was tried
 * @param outcomes what came of that
 */
record TestRun(String name, String status, long samples, List<Outcome> outcomes) {

    private static final String INTERESTING = "ACCEPTABLE_INTERESTING";
    private static final String ACCEPTABLE = "ACCEPTABLE";

    /**
     * One of the results that a test can have.
     *
     * @param id          the values
     * @param count       how often
     * @param expect      what the test expects of it
     * @param description what it means
     */
    record Outcome(String id, long count, String expect, String description) {
        boolean isWrong() {
            return count > 0 && !expect.equals(ACCEPTABLE) && !expect.equals(INTERESTING);
        }
    }

    /** Whether it ran, and nothing came of it that must not. */
    boolean holds() {
        return status.equals("NORMAL") && samples > 0 && outcomes.stream().noneMatch(Outcome::isWrong);
    }

    /** How often it went the way that a control is there to show. */
    long shown() {
        return outcomes.stream().filter(outcome -> outcome.expect().equals(INTERESTING)).mapToLong(Outcome::count)
                .sum();
    }

    /** This and another run of the same test. */
    private TestRun with(TestRun more) {
        List<Outcome> all = new ArrayList<>(outcomes);
        all.addAll(more.outcomes);
        return new TestRun(name, status.equals("NORMAL") ? more.status : status, samples + more.samples, all);
    }

    /**
     * Reads the lines that {@code io.ringfence.jcstress.report.Results} prints.
     *
     * @param lines  the lines
     * @param before runs to which these are added
     * @return all of them, by name
     * @throws IllegalArgumentException if a line is not as it should be
     */
    static Map<String, TestRun> parse(List<String> lines, Map<String, TestRun> before) {
        Map<String, TestRun> read = new LinkedHashMap<>();
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            TestRun run = fields.length == 6 ? read.get(fields[1]) : null;
            if (fields[0].equals("test") && fields.length == 5) {
                read.put(fields[1], new TestRun(fields[1], fields[2], Long.parseLong(fields[3]), new ArrayList<>()));
            } else if (fields[0].equals("outcome") && run != null) {
                run.outcomes.add(new Outcome(fields[2], Long.parseLong(fields[3]), fields[4], fields[5]));
            } else {
                throw new IllegalArgumentException("line '" + line + "': must be a test or an outcome of it");
            }
        }
        Map<String, TestRun> all = new LinkedHashMap<>(before);
        read.forEach((name, run) -> all.merge(name, run, TestRun::with));
        return all;
    }
}
