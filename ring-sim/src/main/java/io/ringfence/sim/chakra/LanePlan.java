package io.ringfence.sim.chakra;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.PriorityQueue;

import io.ringfence.sim.workload.TraceFormatException;

/**
 * The order of nodes, whatever the order of the file: each as early as what it depends on allows, on a lane that is free by then. There
 * are as many lanes as run at once, up to a limit; beyond it nodes wait for a lane.
 */
final class LanePlan {

    /** As many as a device has rings. */
    static final int MOST_LANES = 4096;

    private record Ready(long time, int node) {
    }

    private record Free(long time, int lane) {
    }

    private final Path file;
    private final ChakraGraph graph;
    private final int[] order;
    private final int[] lanes;
    private final long[] starts;
    private final int[] missing;
    private final long[] readyAt;
    private final PriorityQueue<Ready> ready =
            new PriorityQueue<>(Comparator.comparingLong(Ready::time).thenComparingInt(Ready::node));
    private final PriorityQueue<Free> free =
            new PriorityQueue<>(Comparator.comparingLong(Free::time).thenComparingInt(Free::lane));
    private int laneCount;
    private long delayed;

    LanePlan(Path file, ChakraGraph graph) throws TraceFormatException {
        this.file = file;
        this.graph = graph;
        int size = graph.size();
        order = new int[size];
        lanes = new int[size];
        starts = new long[size];
        missing = new int[size];
        readyAt = new long[size];
        plan();
    }

    private void plan() throws TraceFormatException {
        int size = graph.size();
        int[] firstOf = new int[size + 1];
        for (int node = 0; node < size; node++) {
            int[] sources = graph.sources(node);
            missing[node] = sources.length;
            for (int source : sources) {
                firstOf[source + 1]++;
            }
            if (sources.length == 0) {
                ready.add(new Ready(0, node));
            }
        }
        int[] dependents = dependents(firstOf);
        int placed = 0;
        for (Ready next = ready.poll(); next != null; next = ready.poll()) {
            order[placed++] = next.node();
            long end = place(next);
            for (int i = firstOf[next.node()]; i < firstOf[next.node() + 1]; i++) {
                arrive(dependents[i], end);
            }
        }
        if (placed < size) {
            boolean[] isDone = new boolean[size];
            for (int i = 0; i < placed; i++) {
                isDone[order[i]] = true;
            }
            throw graph.cycle(file, isDone);
        }
    }

    private int[] dependents(int[] firstOf) {
        for (int node = 0; node < graph.size(); node++) {
            firstOf[node + 1] += firstOf[node];
        }
        int[] next = firstOf.clone();
        int[] dependents = new int[firstOf[graph.size()]];
        for (int node = 0; node < graph.size(); node++) {
            for (int source : graph.sources(node)) {
                dependents[next[source]++] = node;
            }
        }
        return dependents;
    }

    private void arrive(int node, long end) {
        readyAt[node] = Math.max(readyAt[node], end);
        missing[node]--;
        if (missing[node] == 0) {
            ready.add(new Ready(readyAt[node], node));
        }
    }

    private long place(Ready next) throws TraceFormatException {
        Free lane = free.peek();
        if (lane == null || lane.time() > next.time() && laneCount < MOST_LANES) {
            lane = new Free(0, laneCount++);
        } else {
            lane = free.remove();
        }
        long start = Math.max(next.time(), lane.time());
        delayed += start > next.time() ? 1 : 0;
        long end = start + graph.duration(next.node());
        if (end < 0) {
            throw new TraceFormatException(file, "its nodes take longer than 292 years one after the other");
        }
        starts[next.node()] = start;
        lanes[next.node()] = lane.lane();
        free.add(new Free(end, lane.lane()));
        return end;
    }

    /** The nodes in the order of their starts. */
    int[] order() {
        return order;
    }

    int lane(int node) {
        return lanes[node];
    }

    /** Nanoseconds since the first. */
    long start(int node) {
        return starts[node];
    }

    int laneCount() {
        return laneCount;
    }

    /** Nodes that wait for a lane. */
    long delayed() {
        return delayed;
    }
}
