package io.ringfence.sim.chakra;

import io.ringfence.sim.workload.IntColumn;
import io.ringfence.sim.workload.LongColumn;

/** Nodes as they stand in the file, and the edges that they name. */
final class ChakraNodes {

    /** The number that a node has in the file. */
    final LongColumn ids = new LongColumn();
    /** Nanoseconds. */
    final LongColumn durations = new LongColumn();
    /** For each edge the node that waits, by its place in the file. */
    final IntColumn waiting = new IntColumn();
    /** For each edge the number of the node that it waits for. */
    final LongColumn sources = new LongColumn();
    long withoutId;
    long unusableDurations;
    long unusableEdges;
}
