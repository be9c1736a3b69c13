package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.LongColumn;
import io.ringfence.sim.workload.Edges;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Turns stream waits into dependencies.
 *
 * <p>An event stands for what its stream had been given when the event was recorded, so the wait is for the last job of
 * {@code wait_on_stream} launched before the recording call; stream order covers the jobs before it. What waits is the
 * next job of the waiting stream: the one launched first after the call that made the stream wait, found by the
 * record's own correlation. A record without that call is placed by its own time.
 *
 * <p>A wait makes no dependency
 *
 * <ul>
 *   <li>if no job precedes the recording call on {@code wait_on_stream}: the event was signalled from the start. The
 *       AlexNet recording joins a pool of eight side streams of which only stream 20 got work: 14 of its 20 waits are
 *       for streams 21 to 27, on which nothing ever ran, and the other 6 find a job;
 *   <li>if no job follows on the waiting stream;
 *   <li>if both jobs are on one queue, where stream order says it already;
 *   <li>if the recording call is not in the trace, or the wait is incomplete, or the dependency would be launched after
 *       the job that waits for it. These are counted.
 * </ul>
 */
final class WaitResolver {

    private final WaitColumns waits;
    private final CallColumns calls;
    private final CallIndex index;
    private final List<QueueKey> queues;
    private final QueueMembers members;
    private final OrderedJobs jobs;
    private final long origin;
    private final AnomalyTally anomalies;

    private long[] edges = new long[16];
    private int count;

    WaitResolver(RecordedEvents events, CallIndex index, OrderedJobs jobs, List<QueueKey> queues) {
        this.waits = events.waits;
        this.calls = events.calls;
        this.anomalies = events.anomalies;
        this.index = index;
        this.jobs = jobs;
        this.queues = queues;
        this.members = new QueueMembers(jobs, queues.size());
        this.origin = jobs.origin;
    }

    /** Returns the dependencies across queues. */
    Edges resolve() {
        for (int row = 0; row < waits.size(); row++) {
            resolve(row);
        }
        return new Edges(jobs.size(), Arrays.copyOf(edges, count));
    }

    private void resolve(int row) {
        int record = index.findEventRecord(waits.waitOnRecord.get(row));
        if (record == CallIndex.NONE) {
            anomalies.count(Anomaly.UNKNOWN_RECORD);
            return;
        }
        int call = index.find(waits.correlation.get(row));
        long time = call == CallIndex.NONE ? waits.time.get(row) : calls.time.get(call);
        if (!waits.isComplete(row) || time == EventFields.ABSENT) {
            anomalies.count(Anomaly.INCOMPLETE_WAIT);
            return;
        }
        if (call == CallIndex.NONE) {
            anomalies.count(Anomaly.WAIT_WITHOUT_CALL);
        }
        int from = queue(row, waits.waitOnStream);
        int to = queue(row, waits.stream);
        if (from < 0 || to < 0 || from == to) {
            return;
        }
        int source = members.lastBefore(from, calls.time.get(record) - origin, calls.correlation.get(record));
        int waiting = members.firstFrom(to, time - origin, waits.correlation.get(row));
        if (source != QueueMembers.NONE && waiting != QueueMembers.NONE) {
            addEdge(waiting, source);
        }
    }

    private void addEdge(int waiting, int source) {
        if (source > waiting) {
            anomalies.count(Anomaly.BACKWARD_EDGE);
            return;
        }
        if (count == edges.length) {
            edges = Arrays.copyOf(edges, Math.addExact(count, count));
        }
        edges[count] = Edges.pair(waiting, source);
        count++;
    }

    /** Returns the queue of a wait's device and one of its streams, negative if no job ran there. */
    private int queue(int row, LongColumn stream) {
        QueueKey key = new QueueKey((int) waits.device.get(row), stream.get(row));
        return Collections.binarySearch(queues, key);
    }
}
