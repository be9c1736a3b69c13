package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.LongColumn;
import io.ringfence.sim.workload.IntColumn;

/** The jobs in the order of the file, column by column. */
final class JobColumns {

    private static final KinetoJobKind[] KINDS = KinetoJobKind.values();

    final LongColumn start = new LongColumn();
    final LongColumn duration = new LongColumn();
    final LongColumn correlation = new LongColumn();

    /** Numbers of {@link #queues}. */
    final IntColumn queue = new IntColumn();

    private final IntColumn nameAndKind = new IntColumn();

    final QueueTable queues = new QueueTable();
    final NameTable names = new NameTable();

    /** Takes an event that is a job; skips it if it cannot be placed in time. */
    void add(EventFields event, KinetoJobKind kind, AnomalyTally anomalies) {
        if (!event.hasEnd()) {
            anomalies.count(Anomaly.UNUSABLE_JOB);
            return;
        }
        int device = Normal.device(event.device);
        long stream = Normal.stream(event.stream);
        if (device < 0) {
            anomalies.count(Anomaly.NO_DEVICE);
        }
        if (stream < 0) {
            anomalies.count(Anomaly.NO_STREAM);
        }
        int name = names.numberOf(event.name, event.nameLength);
        if (names.isOther(name)) {
            anomalies.count(Anomaly.TOO_MANY_NAMES);
        }
        start.add(event.time);
        duration.add(event.duration);
        correlation.add(Normal.correlation(event.correlation));
        queue.add(queues.numberOf(device, stream));
        nameAndKind.add(name * KINDS.length + codeOf(kind));
    }

    int size() {
        return start.size();
    }

    int name(int row) {
        return nameAndKind.get(row) / KINDS.length;
    }

    byte kind(int row) {
        return (byte) (nameAndKind.get(row) % KINDS.length);
    }

    static KinetoJobKind kindOf(byte code) {
        return KINDS[code];
    }

    @SuppressWarnings("EnumOrdinal") // A code within this process; nothing stores it.
    private static int codeOf(KinetoJobKind kind) {
        return kind.ordinal();
    }
}
