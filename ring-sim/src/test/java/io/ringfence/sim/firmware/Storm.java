package io.ringfence.sim.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

/** A long workload by chance, the same for the same seed, that looks after each round who is on the device. */
final class Storm {

    private static final int SLOTS = 16;
    /** What the firmware takes from one ring in one round. */
    private static final int BATCH = 256;

    final BareHost host;
    private final SplittableRandom random;
    private final int rings;
    private final int groupSlots;
    private final int[] groups;
    private final boolean[] longRunning;
    private final long[] put;
    private final long[] before;
    private final boolean[] busy;
    private final boolean[] suspended;
    /** Of the groups that were seen on a slot. */
    final Set<Integer> seen = new HashSet<>();

    Storm(long seed, int rings, int groupSlots, double longRunningShare) {
        random = new SplittableRandom(seed);
        this.rings = rings;
        this.groupSlots = groupSlots;
        groups = new int[rings];
        longRunning = new boolean[rings];
        put = new long[rings];
        before = new long[rings];
        busy = new boolean[rings];
        suspended = new boolean[rings];
        host = new BareHost(new Geometry(rings, SLOTS, groupSlots, 256, BareHost.ARENA, 2 * BareHost.MS));
        Map<Integer, Boolean> kinds = new HashMap<>();
        for (int ring = 0; ring < rings; ring++) {
            groups[ring] = random.nextInt(rings);
            longRunning[ring] = kinds.computeIfAbsent(groups[ring], _ -> random.nextDouble() < longRunningShare);
            host.describe(ring, groups[ring], random.nextInt(GroupScheduler.PRIORITIES), longRunning[ring],
                    longRunning[ring] ? random.nextLong(3 * BareHost.MS) : 0);
            host.ask(ring, RequestKind.REGISTER);
        }
        round();
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step(random.nextInt(rings));
            if (random.nextInt(4) == 0) {
                host.now += random.nextLong(BareHost.MS / 2);
                round();
            }
        }
    }

    private void step(int ring) {
        switch (random.nextInt(12)) {
            case 0 -> ask(ring, suspended[ring] ? RequestKind.RESUME : RequestKind.SUSPEND);
            case 1 -> {
                host.groupPriority(ring, random.nextInt(GroupScheduler.PRIORITIES));
                ask(ring, RequestKind.PROPERTIES);
            }
            default -> put(ring);
        }
    }

    private void ask(int ring, RequestKind kind) {
        if (!busy[ring]) {
            busy[ring] = true;
            host.ask(ring, kind);
        }
    }

    private void put(int ring) {
        if (put[ring] - done(ring) == SLOTS) {
            return;
        }
        int other = random.nextInt(rings);
        long seqno = ++put[ring];
        switch (random.nextInt(6)) {
            case 0 -> host.put(ring, seqno, Opcode.DELAY, random.nextLong(3 * BareHost.MS), -1);
            case 1 -> host.put(ring, seqno, Opcode.LOOP, random.nextInt(5), random.nextLong(BareHost.MS), -1, -1);
            case 2 -> host.put(ring, seqno, Opcode.STAMP, 8L * ring, seqno);
            case 3 -> {
                if (other != ring && !longRunning[other]) {
                    host.putAfter(ring, seqno, other, put[other], Opcode.NOP);
                } else {
                    host.put(ring, seqno, Opcode.NOP);
                }
            }
            default -> host.put(ring, seqno, Opcode.NOP);
        }
    }

    private long done(int ring) {
        return longRunning[ring] ? host.retired(ring) : host.completed(ring);
    }

    private void round() {
        int _ = host.round();
        for (BareHost.Event event : host.replies()) {
            busy[event.ring()] = false;
            assertThat(event.result()).isEqualTo(EventKind.DONE);
            suspended[event.ring()] = event.request() == RequestKind.SUSPEND.code()
                    || suspended[event.ring()] && event.request() != RequestKind.RESUME.code();
        }
        check();
    }

    /** The rings of a group are on a slot together, there are no more groups than slots, and only those of one kind. */
    private void check() {
        Set<Integer> on = new HashSet<>();
        Set<Boolean> kinds = new HashSet<>();
        for (int ring = 0; ring < rings; ring++) {
            if (host.isOnSlot(ring)) {
                on.add(groups[ring]);
                kinds.add(longRunning[ring]);
            }
            assertThat(done(ring) - before[ring]).isLessThanOrEqualTo(BATCH);
            before[ring] = done(ring);
        }
        assertThat(on).hasSizeLessThanOrEqualTo(groupSlots);
        assertThat(kinds).hasSizeLessThanOrEqualTo(1);
        for (int ring = 0; ring < rings; ring++) {
            assertThat(host.isOnSlot(ring)).as("ring %d of group %d", ring, groups[ring])
                    .isEqualTo(on.contains(groups[ring]));
        }
        seen.addAll(on);
    }

    /** Nobody is suspended any more and no command comes: in the end everything is complete. */
    void finish() {
        for (int round = 0; round < 3; round++) {
            host.pass(5_000 * BareHost.MS);
            round();
            for (int ring = 0; ring < rings; ring++) {
                if (suspended[ring]) {
                    ask(ring, RequestKind.RESUME);
                }
            }
        }
        host.pass(50_000 * BareHost.MS);
        for (int ring = 0; ring < rings; ring++) {
            assertThat(done(ring)).as("ring %d", ring).isEqualTo(put[ring]);
            assertThat(host.state(ring) & RingLayout.STATE_WAITING).isZero();
            assertThat(host.faults(ring)).isZero();
        }
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
    }
}
