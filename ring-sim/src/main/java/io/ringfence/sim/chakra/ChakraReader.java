package io.ringfence.sim.chakra;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.ringfence.sim.workload.JsonTrace;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingBuilder;
import io.ringfence.sim.workload.RecordingKind;
import io.ringfence.sim.workload.TraceFormatException;

/** Reads Chakra graphs. */
public final class ChakraReader {

    private ChakraReader() {
    }

    /**
     * Whether JSON is a Chakra graph: an object in whose keys {@code nodes} or {@code workload_graph} comes before
     * {@code traceEvents}.
     *
     * @param input the content, read no further than needed
     * @return false also if it is no JSON
     * @throws IOException if the medium fails
     */
    public static boolean isChakra(InputStream input) throws IOException {
        try {
            return JsonTrace.parse(Path.of("trace"), input, ChakraReader::hasNodesFirst);
        } catch (TraceFormatException _) {
            return false;
        }
    }

    private static boolean hasNodesFirst(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            if (ChakraParser.isNodes(key) || key.equals("traceEvents")) {
                return ChakraParser.isNodes(key);
            }
            JsonToken _ = json.nextToken();
            json.skipChildren();
        }
        return false;
    }

    /**
     * Reads a graph in one pass. Memory grows with its nodes and edges, about 100 and 50 bytes each.
     *
     * @param file  the file's name, for messages
     * @param input the JSON
     * @return the nodes as jobs on lanes, with what could not be used in its warnings
     * @throws TraceFormatException if it is no such graph, has no nodes, or nodes wait for each other
     * @throws IOException          if the medium fails
     */
    public static Recording read(Path file, InputStream input) throws IOException, TraceFormatException {
        ChakraGraph graph = new ChakraGraph(JsonTrace.parse(file, input, json -> nodes(file, json)));
        if (graph.size() == 0) {
            throw new TraceFormatException(file, "a Chakra graph without nodes");
        }
        LanePlan plan = new LanePlan(file, graph);
        RecordingBuilder builder = new RecordingBuilder("chakra", false).of(RecordingKind.LANES);
        graph.warnings().forEach(builder::warn);
        if (plan.delayed() > 0) {
            builder.warn("nodes that wait because " + LanePlan.MOST_LANES + " run at once: " + plan.delayed());
        }
        int ring = builder.ring("lane");
        for (int lane = 0; lane < plan.laneCount(); lane++) {
            int _ = builder.context(ring, String.valueOf(lane));
        }
        int[] rowOf = new int[graph.size()];
        for (int node : plan.order()) {
            int row = builder.add(plan.lane(node), graph.id(node));
            rowOf[node] = row;
            builder.submitted(row, 0, 0);
            builder.run(row, plan.start(node), 0);
            builder.done(row, plan.start(node) + graph.duration(node));
            for (int source : graph.sources(node)) {
                builder.depends(row, rowOf[source]);
            }
        }
        return builder.build();
    }

    private static ChakraNodes nodes(Path file, JsonParser json) throws IOException, TraceFormatException {
        JsonToken _ = json.nextToken();
        ChakraNodes nodes = new ChakraParser(json).parse();
        if (nodes == null) {
            throw new TraceFormatException(file, "not a Chakra graph: its nodes are no array");
        }
        // Asking for more also makes a gzip stream check its own end.
        if (json.nextToken() != null) {
            throw new TraceFormatException(file, "not a Chakra graph: more follows after its JSON object");
        }
        return nodes;
    }
}
