package io.ringfence.sim.perfetto;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Events that made no job, by what was wrong with them. */
final class PacketTally {

    private static final int NAMED = 5;
    private static final int MAX_NAMES = 256;

    private final Supplier<String> place;
    private final Map<String, Long> others = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private long otherEvents;
    private long brokenEvents;

    /**
     * Begins.
     *
     * @param place tells where the reader is
     */
    PacketTally(Supplier<String> place) {
        this.place = place;
    }

    void other(String name) {
        otherEvents++;
        if (others.size() < MAX_NAMES || others.containsKey(name)) {
            long _ = others.merge(name.isEmpty() ? "unnamed" : name, 1L, Long::sum);
        }
    }

    void broken(String what) {
        brokenEvents++;
        if (broken.size() < NAMED) {
            broken.add(place.get() + ": " + what);
        }
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (otherEvents > 0) {
            List<String> names = new ArrayList<>();
            others.forEach((name, count) -> {
                if (names.size() < NAMED) {
                    names.add(name + " " + count);
                }
            });
            warnings.add("other ftrace events: " + otherEvents + " (left out; " + String.join(", ", names)
                    + (others.size() > NAMED ? ", ..." : "") + ")");
        }
        if (brokenEvents > 0) {
            warnings.add("broken events: " + brokenEvents + " (left out; " + String.join("; ", broken)
                    + (brokenEvents > NAMED ? "; ..." : "") + ")");
        }
        return warnings;
    }
}
