package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/**
 * Jobs of other entities that a job has to come after: of those on the same ring it is enough that they were handed to the device
 * before, the others have to be finished. Copied from what the entity's queue says, by the holder of its issue turn.
 */
final class Pipelined {

    private final EntityCore<?>[] producers;
    private final long[] seqnos;
    private final Fence[] fences;
    private final Watch[] watches;
    private boolean hooked;

    Pipelined(DeviceWaits waits) {
        int count = waits.count();
        producers = new EntityCore<?>[count];
        seqnos = new long[count];
        fences = new Fence[count];
        watches = new Watch[count];
        for (int i = 0; i < count; i++) {
            if (!(waits.producer(i) instanceof EntityRing<?> ring)) {
                throw new IllegalArgumentException("a job of an entity cannot wait for " + waits.producer(i));
            }
            producers[i] = ring.entity();
            seqnos[i] = waits.seqno(i);
            fences[i] = waits.fence(i);
            watches[i] = new Watch();
        }
    }

    /** Whether there is nothing to wait for any more, on a ring that executes in order; failures are found by {@link #failure()}. */
    boolean isPassed(SchedulerCore<?> home) {
        for (int i = 0; i < fences.length; i++) {
            if (!fences[i].isDone() && !producers[i].isBeforeOn(home, seqnos[i])) {
                return false;
            }
        }
        return true;
    }

    /** Why one of them failed, as far as it is known; null if none has. */
    @Nullable
    Failure failure() {
        for (Fence fence : fences) {
            Failure failure = fence.failure();
            if (failure != null) {
                return new Failure.DependencyFailed(fence.toString(), failure.root());
            }
        }
        return null;
    }

    /** Those that stand before the job on a hardware ring, whose turn the caller holds: the ring's queue asks them before each run. */
    Fence[] positionsOn(SchedulerCore<?> ring) {
        Fence[] found = new Fence[fences.length];
        int count = 0;
        for (int i = 0; i < fences.length; i++) {
            PointFence position = producers[i].positionOn(ring, seqnos[i]);
            if (position != null) {
                found[count++] = position;
            }
        }
        return count == found.length ? found : Arrays.copyOf(found, count);
    }

    /** As {@link #isPassed}, when the entity is sure to be told of what comes later. */
    boolean isPassedWatched(EntityCore<?> waiting, SchedulerCore<?> home) {
        for (int i = 0; i < fences.length; i++) {
            if (!fences[i].isDone()) {
                producers[i].watch(watches[i], waiting);
                if (!hooked) {
                    var _ = fences[i].onDone(waiting::wake);
                }
            }
        }
        hooked = true;
        return isPassed(home);
    }

    /** Somebody who wants to know when an entity gets on; in its list once. */
    static final class Watch {
        private static final VarHandle LISTED;

        static {
            try {
                LISTED = MethodHandles.lookup().findVarHandle(Watch.class, "listed", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @SuppressWarnings("UnusedVariable") // read and written through LISTED only
        private volatile boolean listed;
        private volatile @Nullable EntityCore<?> waiting;

        /** Whether it has to be put into the list. */
        boolean lists(EntityCore<?> who) {
            waiting = who;
            return LISTED.compareAndSet(this, false, true);
        }

        /** It was taken off the list. */
        void tell() {
            LISTED.setVolatile(this, false);
            EntityCore<?> told = waiting;
            if (told != null) {
                told.wake();
            }
        }
    }
}
