package io.ringfence.sim.workload;

import java.util.List;

/** What is known of a recording besides its jobs. */
record RecordingLabels(String format, List<String> rings, List<Context> contexts, RecordingKind kind,
        List<Skipped> skipped, List<String> warnings) {

    RecordingLabels {
        rings = List.copyOf(rings);
        contexts = List.copyOf(contexts);
        skipped = List.copyOf(skipped);
        warnings = List.copyOf(warnings);
    }
}
