package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.SpareThread;
import io.ringfence.internal.turn.Turn;

import org.jspecify.annotations.Nullable;

/**
 * The threads of a runtime, and what waits for them: turns that were handed over, and queues whose device raised its interrupt. All
 * methods may be called by any thread.
 */
final class RuntimeThreads {

    private static final VarHandle INTERRUPTED;

    static {
        try {
            INTERRUPTED = MethodHandles.lookup().findVarHandle(RuntimeThreads.class, "interrupted", QueueCore.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Queue<Deferred> handedOver = new ConcurrentLinkedQueue<>();
    private final Queue<Deferred> thatBlock = new ConcurrentLinkedQueue<>();
    private final Loop interruptLoop;
    private final List<Loop> workers = new ArrayList<>();
    private final Watchdog watchdog;
    private final RecoveryLoop recovery;
    /** Written while this is locked, as are the next two: a thread is started before the threads are stopped, or not at all. */
    private volatile boolean refusing;
    private volatile boolean watches;
    private volatile boolean recovers;
    @SuppressWarnings("UnusedVariable") // read and written through INTERRUPTED only
    private volatile @Nullable QueueCore<?> interrupted;

    RuntimeThreads(RingfenceRuntime runtime, String name, int workerCount) {
        interruptLoop = new Loop(name + "-interrupts", Loop.Role.NO_TURNS, this::harvestInterrupted);
        if (workerCount > 0) {
            // Stays free of drivers that block.
            workers.add(new Loop(name + "-worker-0", Loop.Role.BRIEF_TURNS, () -> workOff(false)));
        }
        for (int i = 1; i <= workerCount; i++) {
            workers.add(new Loop(name + "-worker-" + i, Loop.Role.ALL_TURNS, () -> workOff(true)));
        }
        watchdog = new Watchdog(name + "-watchdog");
        recovery = new RecoveryLoop(runtime, name + "-recovery");
    }

    Watchdog watchdog() {
        return watchdog;
    }

    RecoveryLoop recovery() {
        return recovery;
    }

    // ---- their beginning and end

    /** Starts those that every queue needs. Once. */
    void start() {
        interruptLoop.start();
        workers.forEach(Loop::start);
    }

    /** Starts the thread that only those need whose devices can be recovered, or tell of faults. */
    void startRecovery() {
        synchronized (this) {
            // A device may tell of a fault when everything has ended; then nobody would stop it.
            if (!refusing && !recovers) {
                recovery.loop().start();
                // Not before: there may be no memory for a thread now, and some later.
                recovers = true;
            }
        }
    }

    /** Starts the thread that only those need who can be taken to hang. */
    void startWatching() {
        synchronized (this) {
            if (!refusing && !watches) {
                watchdog.loop().start();
                watches = true;
            }
        }
    }

    boolean areStoppedVolatile() {
        return refusing;
    }

    /** Has all of them end when they have nothing left to do; what is handed over from now on is refused. Any number of times. */
    void stop() {
        Seam.at(Site.HAND_OVER);
        synchronized (this) {
            refusing = true;
        }
        all().forEach(Loop::stop);
    }

    /** Waits until all have ended that were stopped, but for the calling thread; an interrupt is kept for it. */
    void join() {
        boolean interruptedMeanwhile = false;
        for (Loop loop : all()) {
            for (boolean ended = false; !ended;) {
                try {
                    loop.join();
                    ended = true;
                } catch (InterruptedException e) {
                    interruptedMeanwhile = true;
                }
            }
        }
        if (interruptedMeanwhile) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Loop> all() {
        List<Loop> all = new ArrayList<>(workers);
        all.add(interruptLoop);
        if (recovers) {
            all.add(recovery.loop());
        }
        if (watches) {
            all.add(watchdog.loop());
        }
        return all;
    }

    // ---- interrupts

    /** A device raised its interrupt for a queue. */
    void interrupted(QueueCore<?> core) {
        QueueCore<?> head;
        do {
            head = (QueueCore<?>) INTERRUPTED.getAcquire(this);
            core.nextInterrupted = head;
            Seam.at(Site.INTERRUPT);
        } while (!INTERRUPTED.compareAndSet(this, head, core));
        interruptLoop.wake();
    }

    private boolean harvestInterrupted() {
        QueueCore<?> core = (QueueCore<?>) INTERRUPTED.getAndSet(this, (QueueCore<?>) null);
        if (core == null) {
            return false;
        }
        while (core != null) {
            QueueCore<?> next = core.nextInterrupted;
            try {
                core.harvest();
            } catch (Throwable thrown) {
                QueueFaults.reportFor("queue ", core.timeline(), "harvest", thrown);
            }
            core = next;
        }
        return true;
    }

    // ---- turns that are handed over

    /**
     * Gives a chain to a worker.
     *
     * @return false if there is nobody who could: the caller has to
     */
    boolean handOver(Deferred chain) {
        if (refusing) {
            return false;
        }
        Queue<Deferred> taken = waiting(chain);
        try {
            taken.add(chain);
        } catch (Throwable e) {
            // No memory or no stack: the caller goes on itself.
            return false;
        }
        Seam.at(Site.HAND_OVER);
        // Close refuses first and lets the workers look once more then: what came too late for that look is taken back.
        if (refusing && taken.remove(chain)) {
            return false;
        }
        workers.forEach(Loop::wake);
        return true;
    }

    /** Has something done by a worker, or by a thread that belongs to nobody if there is none. */
    void post(@Nullable Deferred chain) {
        if (chain != null && !handOver(chain)) {
            SpareThread.run(chain);
        }
    }

    /**
     * Performs a turn at once, on the calling thread, that waits for a worker and is the first of its chain; what is behind it goes on
     * waiting.
     *
     * @return whether it was there
     */
    boolean performWaiting(Turn turn) {
        if (!waiting(turn).remove(turn)) {
            return false;
        }
        Deferred behind = turn.next();
        turn.next(null);
        try {
            Deferred.run(turn);
        } finally {
            post(behind);
        }
        return true;
    }

    /** Among whom something waits that begins with this. */
    private Queue<Deferred> waiting(Deferred first) {
        return first.blocking() ? thatBlock : handedOver;
    }

    private boolean workOff(boolean all) {
        Deferred chain = handedOver.poll();
        if (chain == null && all) {
            chain = thatBlock.poll();
        }
        if (chain == null) {
            return false;
        }
        Deferred.run(chain);
        return true;
    }
}
