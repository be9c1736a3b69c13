package io.ringfence.fence;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.SyncObject.At;
import io.ringfence.fence.SyncObject.Until;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/** Waiting for points of sync objects, one or many. */
final class SyncWaits {

    private SyncWaits() {
    }

    static void checkAny(List<At> points) {
        if (points.isEmpty()) {
            throw new IllegalArgumentException("0 points: name 1 or more");
        }
    }

    /** What is waited for: fences where there are some, events where one has to come first. */
    private static final class Group implements AutoCloseable {
        private final List<Fence> fences = new ArrayList<>();
        private final List<SyncWait> waits = new ArrayList<>();

        Group(List<At> points, Until until) {
            checkAny(points);
            StackRoom.require(1);
            for (At at : points) {
                // Nothing waits before all points were checked.
                Fence found = found(at, until);
                if (found != null) {
                    fences.add(until == Until.SUBMITTED ? Fences.signalled() : found);
                } else {
                    SyncWait wait = new SyncWait(at, until == Until.SUBMITTED_AND_SIGNALED, false);
                    waits.add(wait);
                    fences.add(wait.event());
                }
            }
            boolean all = false;
            try {
                waits.forEach(SyncWait::start);
                all = true;
            } finally {
                if (!all) {
                    close();
                }
            }
        }

        private static @Nullable Fence found(At at, Until until) {
            return switch (until) {
                case SIGNALED -> at.object().fence(at.point());
                case SUBMITTED -> at.object().findSubmitted(at.point());
                case SUBMITTED_AND_SIGNALED -> at.object().find(at.point());
            };
        }

        @Override
        public void close() {
            waits.forEach(SyncWait::cancel);
        }
    }

    static @Nullable Fence awaitSubmitted(At at, Duration timeout) throws InterruptedException {
        UserCode.refuseParking("await on", at.object());
        Fence found = at.object().find(at.point());
        if (found != null) {
            return found;
        }
        SyncWait wait = new SyncWait(at, false, true);
        wait.start();
        try {
            wait.event().await(timeout);
        } finally {
            wait.cancel();
        }
        return wait.latched();
    }

    static Outcome await(At at, Until until, Duration timeout) throws InterruptedException {
        UserCode.refuseParking("await on", at.object());
        try (Group group = new Group(List.of(at), until)) {
            return group.fences.getFirst().await(timeout);
        }
    }

    static int awaitAny(List<At> points, Until until, Duration timeout) throws InterruptedException {
        UserCode.refuseParking("await on", points);
        try (Group group = new Group(points, until)) {
            return Fences.awaitAny(group.fences, timeout);
        }
    }

    static boolean awaitAll(List<At> points, Until until, Duration timeout) throws InterruptedException {
        UserCode.refuseParking("await on", points);
        try (Group group = new Group(points, until)) {
            return Fences.awaitAll(group.fences, timeout);
        }
    }

    static Registration on(At at, Until until, Runnable callback) {
        StackRoom.require(1);
        if (until == Until.SIGNALED) {
            return at.object().fence(at.point()).onDone(callback);
        }
        SyncWait wait = new SyncWait(at, until == Until.SUBMITTED_AND_SIGNALED, false);
        Registration registration = wait.event().onDone(callback);
        wait.start();
        return new SyncCallback(wait, registration);
    }
}
