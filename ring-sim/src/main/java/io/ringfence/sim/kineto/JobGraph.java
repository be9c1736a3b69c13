package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.Edges;

import java.util.List;

/** Builds the graph of jobs from what the parser kept. */
final class JobGraph {

    private JobGraph() {}

    /** Returns the trace that the events describe; there is at least one job among them. */
    static KinetoTrace of(RecordedEvents events) {
        CallIndex index = new CallIndex(events.calls, events.anomalies);
        HostOrder order = new HostOrder(events.jobs, events.calls, index, events.anomalies);
        OrderedJobs jobs = order.jobs();
        List<QueueKey> queues = events.jobs.queues.sorted();
        Edges edges = new WaitResolver(events, index, jobs, queues).resolve();
        List<String> names = events.jobs.names.names();
        return new KinetoTrace(jobs, edges, queues, names, events.anomalies.describe());
    }
}
