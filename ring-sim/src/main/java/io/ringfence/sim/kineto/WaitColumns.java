package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.LongColumn;

/** The "Stream Wait Event" records, column by column in the order of the file. */
final class WaitColumns {

    /** May be {@link EventFields#ABSENT}: only a record without its runtime call needs it. */
    final LongColumn time = new LongColumn();

    final LongColumn correlation = new LongColumn();
    final LongColumn device = new LongColumn();
    final LongColumn stream = new LongColumn();
    final LongColumn waitOnStream = new LongColumn();
    final LongColumn waitOnRecord = new LongColumn();

    /** Takes an event that makes a stream wait. */
    void add(EventFields event) {
        time.add(event.time);
        correlation.add(Normal.correlation(event.correlation));
        device.add(Normal.device(event.device));
        stream.add(Normal.stream(event.stream));
        waitOnStream.add(Normal.stream(event.waitOnStream));
        waitOnRecord.add(Normal.correlation(event.waitOnRecord));
    }

    int size() {
        return time.size();
    }

    /** Whether a record says which stream waits for which. */
    boolean isComplete(int row) {
        return device.get(row) >= 0 && stream.get(row) >= 0 && waitOnStream.get(row) >= 0;
    }
}
