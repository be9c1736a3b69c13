package io.ringfence.sim.drm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.agrona.collections.Long2LongHashMap;

import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingBuilder;

import org.jspecify.annotations.Nullable;

/** Jobs of drm_sched since Linux 6.17, known by the context and number of their finished fence; the end does not name a ring. */
final class SchedulerJobs implements JobSource {

    private static final long NONE = RecordingBuilder.ABSENT;

    private record Place(String device, String ring) {
    }

    /** A fence context: where it submits to, and its jobs. */
    private static final class Client {
        private final Long2LongHashMap rows = new Long2LongHashMap(NONE);
        private final Long2LongHashMap early = new Long2LongHashMap(NONE);
        private final List<ContextTable.Entry> entries = new ArrayList<>(1);
    }

    private final RecordingBuilder builder = new RecordingBuilder("drm_sched", false);
    private final ContextTable contexts = new ContextTable(builder);
    private final Map<Place, Integer> rings = new HashMap<>();
    private final Map<Long, Client> clients = new HashMap<>();
    private final ExternalFences fences = new ExternalFences();
    private @Nullable String firstDevice;
    /** Whether anything waited: only then are complete jobs looked for by their fence. */
    private boolean anyWaits;

    void job(boolean run, long time, String who, String device, String ring, long context, long seqno) {
        Client client = clients.computeIfAbsent(context, _ -> new Client());
        long known = client.rows.get(seqno);
        int row = known != NONE ? (int) known : add(client, device, ring, context, seqno);
        if (run) {
            builder.run(row, time, 0);
        } else {
            builder.client(builder.contextOf(row), who);
            builder.submitted(row, time, 0);
        }
        forget(client, seqno, row);
    }

    private int add(Client client, String device, String ring, long context, long seqno) {
        int number = rings.computeIfAbsent(new Place(device, ring), this::ring);
        ContextTable.Entry entry = contexts.of(number, context);
        if (!client.entries.contains(entry)) {
            client.entries.add(entry);
        }
        int row = builder.add(entry.context, seqno);
        client.rows.put(seqno, row);
        long done = client.early.remove(seqno);
        if (done != NONE) {
            builder.done(row, done);
        }
        return row;
    }

    /** Rings are named by themselves; those of further devices with their device. */
    private int ring(Place place) {
        if (firstDevice == null) {
            firstDevice = place.device();
        }
        return builder.ring(place.device().equals(firstDevice) ? place.ring() : place.device() + "/" + place.ring());
    }

    void done(long time, long context, long seqno) {
        Client client = clients.computeIfAbsent(context, _ -> new Client());
        long row = client.rows.get(seqno);
        if (row == NONE) {
            client.early.put(seqno, time);
            return;
        }
        builder.done((int) row, time);
        forget(client, seqno, (int) row);
    }

    /** As long as nothing waits for anything, jobs of which everything is known need not be found again. */
    private void forget(Client client, long seqno, int row) {
        if (!anyWaits && builder.submitTime(row) != NONE && builder.runTime(row) != NONE
                && builder.doneTime(row) != NONE) {
            long _ = client.rows.remove(seqno);
        }
    }

    void depends(long context, long seqno, long otherContext, long otherSeqno) {
        anyWaits = true;
        Client client = clients.get(context);
        long row = client == null ? NONE : client.rows.get(seqno);
        if (row != NONE) {
            fences.waits((int) row, otherContext, otherSeqno);
        }
    }

    void signaled(long time, long context, long seqno) {
        fences.signaled(time, context, seqno);
    }

    @Override
    public RecordingBuilder builder() {
        return builder;
    }

    @Override
    public Recording recording() {
        fences.resolve(builder, (context, seqno) -> {
            Client client = clients.get(context);
            return client == null ? -1 : Math.max(-1, client.rows.get(seqno));
        });
        return builder.build();
    }
}
