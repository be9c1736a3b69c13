package io.ringfence.sim.kineto;

/** What the parser keeps of a trace: jobs, runtime calls and stream waits. */
final class RecordedEvents {

    final JobColumns jobs = new JobColumns();
    final CallColumns calls = new CallColumns();
    final WaitColumns waits = new WaitColumns();
    final AnomalyTally anomalies = new AnomalyTally();

    /** Keeps an event if the graph needs it. */
    void add(EventFields event) {
        EventCategory category = event.category;
        if (!event.complete || category == null) {
            return;
        }
        KinetoJobKind kind = category.jobKind();
        if (kind != null) {
            jobs.add(event, kind, anomalies);
        } else if (category.isCall()) {
            calls.add(event, anomalies);
        } else if (category == EventCategory.SYNC && event.isStreamWait()) {
            waits.add(event);
        }
    }
}
