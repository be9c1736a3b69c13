package io.ringfence.sim.kineto;

import java.util.Comparator;

/**
 * The identity of a queue.
 *
 * @param device the device number, -1 if not recorded
 * @param stream the stream number on that device, -1 if not recorded
 */
record QueueKey(int device, long stream) implements Comparable<QueueKey> {

    private static final Comparator<QueueKey> ORDER =
            Comparator.comparingInt(QueueKey::device).thenComparingLong(QueueKey::stream);

    @Override
    public int compareTo(QueueKey other) {
        return ORDER.compare(this, other);
    }
}
