package io.ringfence.queue;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/** A place in the line that no thread stands in: a fence that is signalled when it is first and there is room. */
final class RoomPlace extends SubmitterLine.Place {

    private final QueueCore<?> core;
    private final FenceIssuer issuer;
    /** What hangs on the timeline for it, so that looking twice does not register twice. */
    private volatile @Nullable Waiter registered;

    RoomPlace(QueueCore<?> core, int jobs) {
        super(jobs);
        this.core = core;
        issuer = FenceIssuer.create("room for " + jobs + " in queue " + core.timeline());
    }

    Fence fence() {
        return issuer.fence();
    }

    @Override
    void lookAgain() {
        try {
            Deferred.run(new LookNow(this));
        } catch (OutOfMemoryError noLook) {
            endBroken(noLook);
        }
    }

    /** A look after whatever the calling thread is inside of: any number of places may follow each other. */
    private static final class LookNow extends Deferred {
        private final RoomPlace place;

        LookNow(RoomPlace place) {
            this.place = place;
        }

        @Override
        protected @Nullable Deferred perform() {
            return place.look();
        }
    }

    /**
     * Signals the fence if its time has come, else sees to it that there will be another look.
     *
     * @return what hangs on the fence, or null
     */
    private @Nullable Deferred look() {
        // Inside, so that neither what hangs on the fence nor the look of the next in the line nests in this one.
        int token = UserCode.enter();
        try {
            while (core.line().isFirst(this)) {
                if (core.claim().closedVolatile()) {
                    end(new Failure.Cancelled("queue " + core.timeline() + " is closed"));
                } else if (core.claim().room() >= jobs) {
                    end(null);
                } else if (registers()) {
                    break;
                }
            }
        } catch (Throwable broken) {
            endBroken(broken);
        }
        return UserCode.exit(token);
    }

    private void end(@Nullable Failure failure) {
        if (core.line().leave(this, failure == null ? jobs : 0)) {
            if (failure == null) {
                issuer.signalInside();
            } else {
                issuer.failInside(failure);
            }
        }
    }

    /** It cannot be looked at any more: nobody may wait behind it, nor for it. */
    private void endBroken(Throwable broken) {
        try {
            end(new Failure.DriverError(broken));
        } catch (Throwable thrown) {
            core.faults().report("a fence for room", thrown);
        }
    }

    private boolean registers() {
        Waiter before = registered;
        if (before != null && !before.isDecided()) {
            return true;
        }
        TimelineState timeline = core.timelineState();
        Waiter fresh = new Look(this);
        boolean hangs = timeline.register(fresh, core.line().seqnoThatFrees(jobs));
        if (hangs) {
            registered = fresh;
        }
        return hangs;
    }

    private static final class Look extends Waiter {
        private final RoomPlace place;

        Look(RoomPlace place) {
            this.place = place;
        }

        @Override
        protected @Nullable Deferred fired() {
            return place.look();
        }
    }

    @Override
    String describe() {
        return "a fence";
    }
}
