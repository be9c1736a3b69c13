package io.ringfence.sim.workload;

/** What the queues of a recording are. */
public enum RecordingKind {
    /** Contexts that share rings which execute in order: a job that waits for one of its ring only has to be behind it. */
    RINGS,
    /** A schedule: when everything began and ended, whatever decided that. */
    SCHEDULE,
    /** Lanes whose jobs follow each other; recorded is how long they take, not when they ran. */
    LANES
}
