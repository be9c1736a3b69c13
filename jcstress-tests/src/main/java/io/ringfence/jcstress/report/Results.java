package io.ringfence.jcstress.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.StateCase;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Prints what is in result files of jcstress, all configurations of a test together, as lines of fields separated by tabs:
 *
 * <pre>
 * test     name   status   samples   whether it has an outcome that is expected to be of interest (true or false)
 * outcome  name   id       count     expect (ACCEPTABLE, ACCEPTABLE_INTERESTING, FORBIDDEN, UNKNOWN)   description
 * </pre>
 */
public final class Results {

    /** What was seen of one test. */
    private static final class Seen {
        private Status status = Status.NORMAL;
        private final Map<String, Long> counts = new TreeMap<>();
    }

    private Results() {
    }

    /**
     * Prints.
     *
     * @param files the result files
     * @throws IOException            if one cannot be read
     * @throws ClassNotFoundException if one is of another version of jcstress
     */
    public static void main(String[] files) throws IOException, ClassNotFoundException {
        Map<String, Seen> tests = new TreeMap<>();
        for (String file : files) {
            InProcessCollector collector = new InProcessCollector();
            DiskReadCollector reader = new DiskReadCollector(file, collector);
            reader.dump();
            reader.close();
            collector.getTestResults().forEach(result -> add(tests, result));
        }
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        tests.forEach((name, seen) -> print(out, name, seen));
        out.flush();
    }

    private static void add(Map<String, Seen> tests, TestResult result) {
        Seen seen = tests.computeIfAbsent(result.getName(), name -> new Seen());
        seen.status = seen.status.combine(result.status());
        for (String key : result.getStateKeys()) {
            seen.counts.merge(key, result.getCount(key), Long::sum);
        }
    }

    private static void print(PrintStream out, String name, Seen seen) {
        TestInfo info = TestList.getInfo(name);
        long samples = seen.counts.values().stream().mapToLong(Long::longValue).sum();
        boolean control = info.cases().stream().anyMatch(each -> each.expect() == Expect.ACCEPTABLE_INTERESTING);
        line(out, "test", name, seen.status.name(), String.valueOf(samples), String.valueOf(control));
        seen.counts.forEach((id, count) -> {
            StateCase matching = caseOf(info, id);
            line(out, "outcome", name, id, count.toString(), matching.expect().name(), matching.description());
        });
    }

    /** As jcstress does it: a case that is the id itself, then a pattern, then the rest. */
    private static StateCase caseOf(TestInfo info, String id) {
        for (StateCase each : info.cases()) {
            if (each.matchesExactly(id)) {
                return each;
            }
        }
        for (StateCase each : info.cases()) {
            if (each.matches(id)) {
                return each;
            }
        }
        return info.unmatched();
    }

    private static void line(PrintStream out, String... fields) {
        for (int i = 0; i < fields.length; i++) {
            out.print(i == 0 ? "" : "\t");
            out.print(fields[i].replaceAll("\\s+", " "));
        }
        out.println();
    }
}
