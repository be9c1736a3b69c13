package io.ringfence.sim.chakra;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.agrona.collections.Long2LongHashMap;

import io.ringfence.sim.workload.DecimalText;
import io.ringfence.sim.workload.Edges;
import io.ringfence.sim.workload.TraceFormatException;

/** Nodes and the edges between them that name a node of the file, each once. */
final class ChakraGraph {

    private static final long NONE = Long.MIN_VALUE;
    private static final int NAMED = 12;

    private final ChakraNodes nodes;
    private final int[] kept;
    private final Edges edges;
    private final List<String> warnings = new ArrayList<>();

    ChakraGraph(ChakraNodes nodes) {
        this.nodes = nodes;
        Long2LongHashMap numbers = new Long2LongHashMap(NONE);
        int[] numberOf = new int[nodes.ids.size()];
        int[] places = new int[numberOf.length];
        int count = 0;
        long repeated = 0;
        for (int place = 0; place < numberOf.length; place++) {
            long id = nodes.ids.get(place);
            numberOf[place] = -1;
            if (id == DecimalText.ABSENT) {
                continue;
            }
            if (numbers.containsKey(id)) {
                repeated++;
                continue;
            }
            numbers.put(id, count);
            numberOf[place] = count;
            places[count++] = place;
        }
        kept = Arrays.copyOf(places, count);
        warn(nodes.withoutId, "nodes without a number", "left out");
        warn(repeated, "nodes with the number of another one", "left out");
        warn(nodes.unusableDurations, "durations that are no number of microseconds", "taken as 0");
        warn(nodes.unusableEdges, "dependencies that name no number", "left out");
        edges = edges(numbers, numberOf);
    }

    private void warn(long count, String subject, String consequence) {
        if (count > 0) {
            warnings.add(subject + ": " + count + " (" + consequence + ")");
        }
    }

    private Edges edges(Long2LongHashMap numbers, int[] numberOf) {
        long[] pairs = new long[nodes.waiting.size()];
        int count = 0;
        long dangling = 0;
        for (int i = 0; i < pairs.length; i++) {
            int waiting = numberOf[nodes.waiting.get(i)];
            long source = numbers.get(nodes.sources.get(i));
            if (waiting >= 0 && source == NONE) {
                dangling++;
            } else if (waiting >= 0) {
                pairs[count++] = Edges.pair(waiting, (int) source);
            }
        }
        warn(dangling, "dependencies on nodes that are not in the file", "left out");
        Edges distinct = new Edges(size(), Arrays.copyOf(pairs, count));
        warn(count - distinct.count(), "dependencies that are named more than once", "counted once");
        return distinct;
    }

    int size() {
        return kept.length;
    }

    long id(int node) {
        return nodes.ids.get(kept[node]);
    }

    /** Nanoseconds. */
    long duration(int node) {
        return nodes.durations.get(kept[node]);
    }

    int[] sources(int node) {
        return edges.sourcesOf(node);
    }

    List<String> warnings() {
        return warnings;
    }

    /** Why nodes are left that wait for each other. */
    TraceFormatException cycle(Path file, boolean[] isDone) {
        int[] seenAt = new int[size()];
        Arrays.fill(seenAt, -1);
        List<Long> way = new ArrayList<>();
        int node = 0;
        while (isDone[node]) {
            node++;
        }
        while (seenAt[node] < 0) {
            seenAt[node] = way.size();
            way.add(id(node));
            node = unfinishedSource(node, isDone);
        }
        List<Long> cycle = way.subList(seenAt[node], way.size());
        StringBuilder text = new StringBuilder("its nodes wait for each other: ");
        for (int i = 0; i < Math.min(NAMED, cycle.size()); i++) {
            text.append(cycle.get(i)).append(" waits for ");
        }
        text.append(cycle.size() > NAMED ? "... (" + cycle.size() + " nodes)" : String.valueOf(cycle.getFirst()));
        return new TraceFormatException(file, text.toString());
    }

    private int unfinishedSource(int node, boolean[] isDone) {
        for (int source : sources(node)) {
            if (!isDone[source]) {
                return source;
            }
        }
        throw new IllegalStateException("node " + id(node) + " waits for nothing");
    }
}
