package io.ringfence.sim.ftrace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.Skipped;

/** Lines that made no job, by what was wrong with them. */
final class LineTally {

    private static final int NAMED = 5;
    private static final int MAX_NAMES = 256;

    /** What trace-cmd and the kernel print around events. */
    private static final Pattern HEADER = Pattern.compile(
            "\\s*|\\s*#.*|version\\s*=.*|cpus\\s*=.*|CPU \\d+ is empty|uname:.*|trace-cmd.*");

    private static final Pattern LOSS = Pattern.compile("CPU:?\\s*\\d+ \\[(LOST .*EVENTS|EVENTS DROPPED)]");

    private final Map<String, Long> others = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private long brokenLines;
    private long otherLines;
    private long noEvents;
    private long losses;
    private long firstNoEvent;

    static boolean isHeader(String line) {
        return line.isEmpty() || line.length() < 256 && HEADER.matcher(line).matches();
    }

    /** Whether the kernel says that it had no room for events. */
    static boolean isLoss(String line) {
        return line.length() < 256 && LOSS.matcher(line).matches();
    }

    void loss() {
        losses++;
    }

    void other(String name) {
        otherLines++;
        if (others.size() < MAX_NAMES || others.containsKey(name)) {
            long _ = others.merge(name, 1L, Long::sum);
        }
    }

    void broken(long line, String what) {
        brokenLines++;
        if (broken.size() < NAMED) {
            broken.add("line " + line + ": " + what);
        }
    }

    void noEvent(long line) {
        noEvents++;
        if (noEvents == 1) {
            firstNoEvent = line;
        }
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (otherLines > 0) {
            List<String> names = new ArrayList<>();
            others.forEach((name, count) -> {
                if (names.size() < NAMED) {
                    names.add(name + " " + count);
                }
            });
            warnings.add("lines of other events: " + otherLines + " (left out; " + String.join(", ", names)
                    + (others.size() > NAMED ? ", ..." : "") + ")");
        }
        if (losses > 0) {
            warnings.add("places where the kernel lost events: " + losses + " (jobs there are incomplete)");
        }
        if (noEvents > 0) {
            warnings.add("lines that are no events: " + noEvents + " (left out; the first is line " + firstNoEvent
                    + ")");
        }
        if (brokenLines > 0) {
            warnings.add("broken lines: " + brokenLines + " (left out; " + String.join("; ", broken)
                    + (brokenLines > NAMED ? "; ..." : "") + ")");
        }
        return warnings;
    }

    /** Why there is nothing to replay, in one line. */
    String whyNothing(long lines, int events, Recording recording) {
        if (lines == 0) {
            return "the file is empty";
        }
        if (brokenLines > 0) {
            return "no complete job in it: " + brokenLines + " broken lines, " + broken.getFirst();
        }
        if (events == 0) {
            return "not a trace that is known: no JSON, no Perfetto trace, no schedule, and in " + lines
                    + " lines no event of amdgpu, drm_sched, i915 or dma_fence";
        }
        long skipped = recording.skipped().stream().mapToLong(Skipped::total).sum();
        return "no job in it that was submitted, run and done: " + events + " events, " + skipped
                + " incomplete jobs";
    }
}
