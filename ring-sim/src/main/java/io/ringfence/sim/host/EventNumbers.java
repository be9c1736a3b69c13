package io.ringfence.sim.host;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import io.ringfence.sim.device.Finding;

/**
 * What is found when events are read, and of what they answer; taken by whoever watches the device. Keeps account of the numbers of events, which ascend by one: a number that was left out is missing, and late if it comes after
 * all; one that comes again was raised twice.
 */
final class EventNumbers {

    /** More missing numbers than these are not told apart. */
    private static final int REMEMBERED = 4096;

    private long highest;
    /** Numbers below the highest that have not come, and since when that is known. */
    private final TreeMap<Long, Boolean> missing = new TreeMap<>();
    private final List<Finding> found = new ArrayList<>();

    synchronized void came(long number) {
        if (number > highest) {
            for (long left = Math.max(highest + 1, number - REMEMBERED); left < number; left++) {
                missing.put(left, false);
            }
            highest = number;
            while (missing.size() > REMEMBERED) {
                var _ = missing.pollFirstEntry();
            }
        } else if (missing.remove(number) != null) {
            add(new Finding(Finding.Kind.LATE_EVENT, -1, 0, "event " + number + " came after event " + highest));
        } else {
            add(new Finding(Finding.Kind.DOUBLED_EVENT, -1, 0, "event " + number + " came twice"));
        }
    }

    synchronized void aheadOfWord(int ring, long seqno) {
        add(new Finding(Finding.Kind.LATE_COMPLETION, ring, seqno, "ring " + ring + ": the event for seqno " + seqno
                + " came before the completion word said so"));
    }

    /** Something that was found otherwise. */
    synchronized void add(Finding finding) {
        if (found.size() < REMEMBERED) {
            found.add(finding);
        }
    }

    /**
     * What was found since the last call; of the numbers that are missing, those that were missing then already.
     *
     * @param raised the number of the last event that was raised before the former call
     */
    synchronized List<Finding> take(long raised) {
        List<Finding> taken = new ArrayList<>(found);
        found.clear();
        for (long number = highest + 1; number <= raised && number - highest <= REMEMBERED; number++) {
            missing.put(number, false);
        }
        highest = Math.max(highest, raised);
        missing.forEach((number, told) -> {
            if (number <= raised && !told) {
                taken.add(new Finding(Finding.Kind.LOST_EVENT, -1, 0,
                        "event " + number + " was raised and has not come"));
            }
        });
        missing.replaceAll((number, told) -> told || number <= raised);
        return taken;
    }
}
