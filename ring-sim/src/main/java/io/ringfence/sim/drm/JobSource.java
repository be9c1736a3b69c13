package io.ringfence.sim.drm;

import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingBuilder;

/** Events of one kind, put together to jobs. */
interface JobSource {

    /** Where they are put together. */
    RecordingBuilder builder();

    /** Makes the recording; called once, last. */
    Recording recording();
}
