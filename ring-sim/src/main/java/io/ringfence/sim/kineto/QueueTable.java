package io.ringfence.sim.kineto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The queues met so far, numbered provisionally in the order of their first job. */
final class QueueTable {

    private final Map<QueueKey, Integer> numbers = new HashMap<>();
    private final List<QueueKey> keys = new ArrayList<>();
    private int latest = -1;

    /** Returns the provisional number of a queue, new or known. */
    int numberOf(int device, long stream) {
        // Neighbouring events mostly share their queue; this spares them the key object and the look-up.
        if (latest >= 0 && keys.get(latest).device() == device && keys.get(latest).stream() == stream) {
            return latest;
        }
        QueueKey key = new QueueKey(device, stream);
        Integer known = numbers.get(key);
        if (known == null) {
            known = keys.size();
            numbers.put(key, known);
            keys.add(key);
        }
        latest = known;
        return known;
    }

    /** Returns the queues by device, then stream. */
    List<QueueKey> sorted() {
        return keys.stream().sorted().toList();
    }

    /** Returns, for each provisional number, the place of that queue in {@link #sorted()}. */
    int[] ranks() {
        List<QueueKey> sorted = sorted();
        int[] ranks = new int[sorted.size()];
        for (int rank = 0; rank < ranks.length; rank++) {
            Integer number = numbers.get(sorted.get(rank));
            if (number != null) {
                ranks[number] = rank;
            }
        }
        return ranks;
    }
}
