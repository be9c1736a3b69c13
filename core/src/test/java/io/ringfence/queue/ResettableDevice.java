package io.ringfence.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.Verdict;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;

/**
 * A device of several rings that are reset together, whose jobs are begun and completed when the test says so, and which answers as the
 * test wants.
 */
final class ResettableDevice implements FailureDomain {
    /** What was asked of the device, in order. */
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    volatile Duration bound = Duration.ofSeconds(20);
    volatile Supplier<Fence> quiescing = Fences::signalled;
    volatile Supplier<Fence> resetting = Fences::signalled;
    volatile Supplier<Fence> resuming = Fences::signalled;
    private final List<Ring> rings = new ArrayList<>();

    Ring ring() {
        Ring ring = new Ring();
        rings.add(ring);
        return ring;
    }

    @Override
    public String name() {
        return "test device";
    }

    @Override
    public Duration bound() {
        return bound;
    }

    @Override
    public Fence quiesce() {
        asked.add("quiesce");
        return quiescing.get();
    }

    @Override
    public Fence resume() {
        asked.add("resume");
        return resuming.get();
    }

    @Override
    public Fence reset() {
        asked.add("reset");
        rings.forEach(Ring::forget);
        return resetting.get();
    }

    /** One ring, polled; what is on it is told as seqnos. */
    final class Ring extends CheckedDriver {
        /** All runs, by seqno, in the order in which they came. */
        final List<Long> ran = Collections.synchronizedList(new ArrayList<>());
        final List<Long> cancelled = Collections.synchronizedList(new ArrayList<>());
        /** Of which epoch each run was. */
        final Map<Long, List<Integer>> epochs = new HashMap<>();
        final List<DriverLink> links = new ArrayList<>();
        final AtomicInteger verdicts = new AtomicInteger();
        volatile boolean executing = true;
        volatile Verdict verdict;
        volatile int limit = 8;
        volatile long started;
        volatile int epoch;
        volatile boolean startsAll;
        volatile boolean mayBlock;
        /** Done while the ring is opened. */
        volatile Runnable whileOpened = () -> {
        };
        /** Done at the beginning of each poll. */
        volatile Runnable polling = () -> {
        };
        /** Seqnos that the queue asked to be given up. */
        final List<Long> aborted = Collections.synchronizedList(new ArrayList<>());
        /** Jobs that fail by themselves, out of order. */
        private final Map<Long, Throwable> failing = new TreeMap<>();
        private final TreeMap<Long, Object> onRing = new TreeMap<>();
        private long through;
        private volatile boolean letGo;

        private synchronized void forget() {
            onRing.clear();
        }

        synchronized List<Long> onRing() {
            return List.copyOf(onRing.keySet());
        }

        @Override
        void opening(DriverLink opened) {
            whileOpened.run();
        }

        @Override
        synchronized void started(long seqno, Object payload) throws Exception {
            ran.add(seqno);
            epochs.computeIfAbsent(seqno, _ -> new ArrayList<>()).add(epoch);
            onRing.put(seqno, payload);
            if (letGo) {
                finishThrough(seqno);
            }
        }

        @Override
        void cancelled(long seqno, Object payload) {
            cancelled.add(seqno);
        }

        /** The device begins jobs up to one. */
        void start(long seqno) {
            started = seqno;
        }

        /** Completes what is on the ring up to a seqno, and raises the interrupt. */
        void finishThrough(long seqno) {
            finishQuietlyThrough(seqno);
            link().interrupt();
        }

        /** The same without an interrupt. */
        synchronized void finishQuietlyThrough(long seqno) {
            onRing.headMap(seqno, true).clear();
            through = Math.max(through, seqno);
        }

        /** One job fails, whatever becomes of those before it. */
        synchronized void fail(long seqno, Throwable cause) {
            onRing.remove(seqno);
            failing.put(seqno, cause);
            link().interrupt();
        }

        @Override
        void report(Completions completions) {
            polling.run();
            tell(completions);
        }

        private synchronized void tell(Completions completions) {
            failing.entrySet().removeIf(entry -> completions.failed(entry.getKey(), entry.getValue()));
            if (through != 0) {
                completions.completedThrough(through);
            }
        }

        @Override
        public boolean mayBlock() {
            return mayBlock;
        }

        @Override
        public void abort(long seqno, Object payload) {
            aborted.add(seqno);
        }

        @Override
        public FailureDomain failureDomain() {
            return ResettableDevice.this;
        }

        @Override
        public boolean isExecuting() {
            return executing;
        }

        @Override
        public int noHangLimit() {
            return limit;
        }

        @Override
        public Verdict timedOut(long seqno, Object payload, long executed) {
            asked.add("verdict on " + seqno);
            verdicts.incrementAndGet();
            check(executed >= 0, "negative time");
            Verdict given = verdict;
            return given == null ? super.timedOut(seqno, payload, executed) : given;
        }

        @Override
        public boolean hasStarted(long seqno) {
            return startsAll || seqno <= started;
        }

        @Override
        public boolean isRepeatable(Object payload) {
            return payload instanceof String text && text.startsWith("repeatable");
        }

        @Override
        public void restart(int newEpoch, DriverLink link) {
            asked.add("restart " + newEpoch);
            epoch = newEpoch;
            links.add(link);
            relink(link);
        }

        @Override
        synchronized void letGo() {
            letGo = true;
            if (!onRing.isEmpty()) {
                finishThrough(onRing.lastKey());
            }
            if (link() != null) {
                link().interrupt();
            }
        }
    }
}
