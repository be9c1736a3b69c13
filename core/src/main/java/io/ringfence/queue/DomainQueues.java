package io.ringfence.queue;

import java.lang.invoke.VarHandle;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.ringfence.fence.Failure;

/**
 * The queues of one failure domain, and what is done with all of them: their turns are halted, restarted and let go on. What changes a
 * queue is the recovery's thread's; a queue joins and leaves by any.
 *
 * <p>The set of the JDK reads its links plain, behind an acquire fence. So a full fence stands in each half of the handshake between
 * a queue that joins and a recovery.
 */
final class DomainQueues {

    private final Set<QueueCore<?>> members = QueueCore.newSet();
    /** How often the domain was reset; written by the recovery's thread. */
    private final AtomicInteger resets = new AtomicInteger();

    // ---- any thread

    /** How often the domain was reset: what a queue has missed whose driver is opened after this. */
    int resetsVolatile() {
        return resets.get();
    }

    /** Whether the domain was reset without the queue having been told. */
    boolean hasMissed(QueueCore<?> core) {
        return core.resets() != resets.get();
    }

    /** First half of the joining side; the caller looks afterwards whether a recovery is under way. */
    void add(QueueCore<?> core) {
        members.add(core);
        VarHandle.fullFence();
    }

    void remove(QueueCore<?> core) {
        members.remove(core);
    }

    static void halt(QueueCore<?> core) {
        core.issue().halt();
        core.completion().halt();
    }

    // ---- the recovery's thread

    Set<QueueCore<?>> all() {
        return members;
    }

    /** Makes what halting needs of queues that were never used: who uses one first during the recovery must find it standing still. */
    void prepare() {
        for (QueueCore<?> core : members) {
            Workings<?> _ = core.workings();
        }
    }

    /** Second half of the recovering side; the caller has said before that a recovery is under way. */
    void haltAll() {
        VarHandle.fullFence();
        members.forEach(DomainQueues::halt);
    }

    /** Whether the queue can be worked on. */
    static boolean stands(QueueCore<?> core) {
        Workings<?> used = core.workingsVolatile();
        return used != null && used.issue().isStanding() && used.completion().isStanding();
    }

    static boolean standsOrEnds(QueueCore<?> core) {
        return (core.issue().isStanding() || core.issue().parkedVolatile())
                && (core.completion().isStanding() || core.completion().endedVolatile());
    }

    boolean noneStands() {
        return members.stream().noneMatch(DomainQueues::stands);
    }

    void forEachStanding(Consumer<Rewind<?>> what) {
        for (QueueCore<?> core : members) {
            if (stands(core)) {
                what.accept(core.rewind());
            }
        }
    }

    void loseAll(Failure gone) {
        members.forEach(core -> core.lose(gone));
    }

    /** The device has answered that it was reset: a ring that was opened until then may have been reset too. */
    void wereReset() throws Exception {
        var _ = resets.incrementAndGet();
        restart();
    }

    /** Restarts those that have missed a reset. */
    private void restart() throws Exception {
        for (QueueCore<?> core : members) {
            if (stands(core) && hasMissed(core) && core.lostVolatile() == null) {
                core.rewind().restart(resets.get());
            }
        }
    }

    /** Lets those go on that came to stand when all was over. */
    void letLateOnesGo() throws Exception {
        restart();
        members.forEach(this::letGoUnlessMissed);
    }

    /**
     * One that is just joining may stand with one turn only: it is restarted when it has come to stand with both, and says so. One whose
     * issue turn has ended has no use for that.
     */
    void letGoUnlessMissed(QueueCore<?> core) {
        if (!hasMissed(core) || core.lostVolatile() != null || core.issue().parkedVolatile()) {
            letGo(core);
        }
    }

    static void letGo(QueueCore<?> core) {
        Workings<?> used = core.workingsVolatile();
        if (used != null) {
            // Each by itself: completions do not wait for a thread that may block.
            core.runtime().threads().post(used.completion().letGo());
            core.runtime().threads().post(used.issue().letGo());
        }
    }
}
