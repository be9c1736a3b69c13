package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/** What happened in a schedule, for people: who did what, in order. */
final class Trace {

    private static final int MOST_LINES = 400;

    private final List<String> lines = new ArrayList<>();
    private final StringBuilder line = new StringBuilder();
    private @Nullable Task writer;
    private @Nullable Site last;
    private int repeated;

    private void begin(Task task) {
        if (writer != task) {
            end();
            writer = task;
            line.append(task).append(':');
        }
    }

    private void end() {
        endRepetition();
        // Who only found that there is nothing to do tells nobody anything.
        if (writer != null && lines.size() < MOST_LINES && !line.toString().equals(writer + ": parks")) {
            lines.add(line.toString());
        }
        line.setLength(0);
        writer = null;
    }

    private void endRepetition() {
        if (repeated > 1) {
            line.append(" (").append(repeated).append(" times)");
        }
        repeated = 0;
        last = null;
    }

    /** A task is about to make a shared access. */
    void at(Task task, Site site) {
        begin(task);
        if (site == last) {
            repeated++;
            return;
        }
        endRepetition();
        line.append(line.charAt(line.length() - 1) == ':' ? " " : ", ")
                .append(site.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        last = site;
        repeated = 1;
    }

    void parks(Task task) {
        begin(task);
        endRepetition();
        line.append(line.charAt(line.length() - 1) == ':' ? " " : ", ").append("parks");
    }

    /** Something happened that people have words for. */
    void note(Task task, String what) {
        begin(task);
        endRepetition();
        line.append(line.charAt(line.length() - 1) == ':' ? " " : ", ").append('[').append(what).append(']');
    }

    /** A line for each time another task went on. */
    List<String> lines() {
        end();
        return lines;
    }
}
