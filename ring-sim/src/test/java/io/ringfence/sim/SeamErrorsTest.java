package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Probe;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.queue.Batch;
import io.ringfence.queue.CreditBudget;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueClosedException;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An error comes out of the queue's own code, at one place after the other. */
@Timeout(180)
class SeamErrorsTest {
    private static final int JOBS = 20;
    /** The visit of the place at which it breaks: in the first jobs, and in the middle of the traffic. */
    private static final int[] VISITS = {1, 2, 3, 4, 5, 7, 10, 16, 25, 40};

    /** Breaks at one visit of one place, once. */
    private static final class Breaking implements Probe {
        private final Site site;
        private final AtomicInteger left;
        private final boolean outOfMemory;

        Breaking(Site site, int visit, boolean outOfMemory) {
            this.site = site;
            left = new AtomicInteger(visit);
            this.outOfMemory = outOfMemory;
        }

        @Override
        public void at(Site visited) {
            if (visited == site && left.decrementAndGet() == 0) {
                if (outOfMemory) {
                    throw new OutOfMemoryError("as if");
                }
                throw new StackOverflowError("as if");
            }
        }
    }

    /** There is no memory for one of a runtime's threads. */
    private record NoThread(String name) implements Probe {
        @Override
        public boolean adopt(Loop loop) {
            if (loop.toString().endsWith(name)) {
                throw new OutOfMemoryError("as if");
            }
            return false;
        }
    }

    /** A device that is done before run returns. */
    private static final class AtOnce implements Driver<String> {
        private volatile long done;
        private volatile int closes;
        /** Nothing is complete. */
        private volatile boolean holds;
        /** Whether it waits by itself for jobs of others of its kind. */
        private final boolean waits;
        private volatile DriverLink queue;

        AtOnce() {
            this(false);
        }

        AtOnce(boolean waits) {
            this.waits = waits;
        }

        @Override
        public void open(DriverLink link) {
            queue = link;
        }

        @Override
        public int maxInFlight() {
            return 8;
        }

        @Override
        public void run(long seqno, String payload) {
            done = seqno;
        }

        @Override
        public int maxWaits() {
            return waits ? 1 : 0;
        }

        @Override
        public boolean canWaitFor(Driver<?> producer) {
            return waits && producer instanceof AtOnce;
        }

        @Override
        public void runAfter(long seqno, String payload, DeviceWaits inputs) {
            run(seqno, payload);
        }

        @Override
        public void poll(Completions completions) {
            completions.completedThrough(holds ? 0 : done);
        }

        @Override
        public void arm(long seqno) {
            // Everything is complete when it is asked for.
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // called once, which is what is counted
        public void close() {
            closes++;
        }
    }

    static Stream<Arguments> places() {
        return Stream
                .of(Site.TURN_ENTER, Site.TURN_LEAVE, Site.CLAIM, Site.PUBLISH, Site.SLOT_LOOK, Site.RUN, Site.ISSUED,
                        Site.POLL, Site.FINISHED, Site.CLOSE)
                .flatMap(site -> Stream.of(Arguments.of(site, false, false), Arguments.of(site, true, false),
                        Arguments.of(site, false, true), Arguments.of(site, true, true)));
    }

    @ParameterizedTest(name = "{0}, out of memory: {1}, devices that wait: {2}")
    @MethodSource("places")
    @DisplayName("H7: whatever breaks inside, every accepted job is signalled, and the queue ends")
    void breaks(Site site, boolean outOfMemory, boolean waits) throws Exception {
        for (int visit : VISITS) {
            Traffic traffic = new Traffic(waits);
            Probe before = Seam.install(new Breaking(site, visit, outOfMemory));
            try {
                traffic.submit();
                traffic.close();
            } finally {
                Seam.install(before);
            }
            traffic.verify();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("H7: who could not enter the line of submitters does not stand in it")
    void noPlaceInTheLine(boolean outOfMemory) throws Exception {
        AtOnce driver = new AtOnce();
        driver.holds = true;
        try (RingfenceRuntime runtime = RingfenceRuntime.start()) {
            JobQueue<String> queue = runtime.openQueue(driver, QueueOptions.named("q").withCapacity(8).withCredits(8));
            while (queue.trySubmit("job") > 0) {
                Thread.onSpinWait();
            }
            // The second visit: it is counted, and has no place yet.
            Breaking breaking = new Breaking(Site.LINE_ENTER, 2, outOfMemory);
            Probe before = Seam.install(breaking);
            try {
                assertThatThrownBy(() -> queue.submit("no place")).isInstanceOf(VirtualMachineError.class)
                        .hasMessage("as if");
            } finally {
                Seam.install(before);
            }
            driver.holds = false;
            while (queue.timeline().signaled() < 8) {
                queue.timeline().poll();
            }
            assertThat(queue.status().inLine()).isZero();
            assertThat(queue.trySubmit("next")).isEqualTo(9);
        }
    }

    @Test
    @DisplayName("H7: a device tells of a fault though there is no memory for the thread that watches for hangs")
    void noThreadThatWatches() throws Exception {
        AtOnce driver = new AtOnce();
        driver.holds = true;
        Probe before = Seam.install(new NoThread("-watchdog"));
        try (RingfenceRuntime runtime = RingfenceRuntime.start()) {
            JobQueue<String> queue = runtime.openQueue(driver, QueueOptions.named("q").withCapacity(8).withCredits(8));
            PointFence job = queue.submit("job");
            assertThatCode(() -> driver.queue.fault(1, "it burns")).doesNotThrowAnyException();
            assertThat(job.await()).isEqualTo(Outcome.FAILED);
            assertThat(job.failure()).isInstanceOf(Failure.DeviceLost.class);
            assertThat(job.failure().message()).contains("it burns");
        } finally {
            Seam.install(before);
        }
    }

    static Stream<Arguments> placesInSteps() {
        return Stream.of(Site.FINISHED, Site.WAITER_SWEEP).flatMap(site -> Stream.of(Arguments.of(site, false),
                Arguments.of(site, true)));
    }

    @ParameterizedTest(name = "{0}, out of memory: {1}")
    @MethodSource("placesInSteps")
    @DisplayName("H7: whatever breaks while two queues are finished in step, all are told, also who waits for credits")
    void breaksInStep(Site site, boolean outOfMemory) throws Exception {
        for (int visit = 1; visit < 2 * Chain.OF_EACH; visit++) {
            Chain chain = new Chain();
            chain.submit();
            Breaking breaking = new Breaking(site, visit, outOfMemory);
            AtomicInteger steps = new AtomicInteger();
            chain.finish(visited -> {
                if (visited == Site.FINISHED && steps.incrementAndGet() == 6) {
                    chain.beside(() -> chain.wide = chain.queues.getFirst().submit("wide"));
                }
                breaking.at(visited);
            });
            assertThat(breaking.left.get()).as("visits before it breaks").isNotPositive();
            if (site == Site.WAITER_SWEEP && visit > 1) {
                assertThat(chain.wide).as("what came between the steps").isNotNull();
            }
            chain.verify();
        }
    }

    @Test
    @DisplayName("H7: who waits for the last step is told though that broke, and the queue was closed meanwhile")
    void breaksAtTheLastStepOfAClosedQueue() throws Exception {
        Chain chain = new Chain();
        chain.submit();
        Breaking breaking = new Breaking(Site.WAITER_SWEEP, 2 * Chain.OF_EACH, false);
        chain.finish(visited -> {
            if (visited == Site.WAITER_SWEEP && breaking.left.get() == 1) {
                chain.beside(() -> chain.queues.getLast().startClose());
            }
            breaking.at(visited);
        });
        assertThat(breaking.left.get()).as("visits before it breaks").isNotPositive();
        chain.verify();
    }

    /**
     * Two queues whose jobs have waited for each other on their devices. While they are finished another one comes, which needs all that
     * the chain has cost.
     */
    private static final class Chain {
        private static final int OF_EACH = 8;
        private final RingfenceRuntime runtime = RingfenceRuntime.start();
        private final List<AtOnce> drivers = List.of(new AtOnce(true), new AtOnce(true));
        private final List<JobQueue<String>> queues = new ArrayList<>();
        private final List<Fence> accepted = new ArrayList<>();
        private volatile Fence wide;
        private volatile FutureTask<?> beside;
        private final AtomicInteger told = new AtomicInteger();

        void submit() throws InterruptedException {
            for (AtOnce driver : drivers) {
                driver.holds = true;
                queues.add(runtime.openQueue(driver,
                        QueueOptions.named("q" + queues.size()).withCapacity(16).withCredits(OF_EACH),
                        payload -> payload.equals("wide") ? OF_EACH : 1));
            }
            PointFence last = queues.getFirst().submit("first");
            accepted.add(last);
            for (int i = 1; i < 2 * OF_EACH; i++) {
                last = queues.get(i % 2).submit("link", last);
                accepted.add(last);
            }
            for (Fence job : accepted) {
                var _ = job.onDone(told::incrementAndGet);
            }
        }

        /** Has another thread do something while the turns are held; what comes of it is told at the end. */
        void beside(Callable<?> body) {
            FutureTask<?> task = new FutureTask<>(body);
            beside = task;
            Thread thread = new Thread(task, "beside");
            thread.setDaemon(true);
            thread.start();
            try {
                Object _ = task.get();
            } catch (ExecutionException | InterruptedException later) {
                // Thrown here it would be one more break of the queue: told by verify.
            }
        }

        void finish(Consumer<Site> sites) throws Exception {
            Probe before = Seam.install(new Probe() {
                @Override
                public void at(Site visited) {
                    sites.accept(visited);
                }
            });
            try {
                drivers.forEach(driver -> driver.holds = false);
                // From the second one: it has the first one step along.
                queues.getLast().timeline().poll();
                for (Fence job : accepted) {
                    assertThat(job.await()).isNotEqualTo(Outcome.PENDING);
                }
                Fence last = wide;
                if (last != null) {
                    assertThat(last.await()).isNotEqualTo(Outcome.PENDING);
                }
            } finally {
                Seam.install(before);
            }
        }

        void verify() throws Exception {
            runtime.close();
            FutureTask<?> task = beside;
            if (task != null) {
                try {
                    Object _ = task.get();
                } catch (ExecutionException late) {
                    // After an early break the steps may be counted out only when all is done.
                    assertThat(late).hasCauseInstanceOf(QueueClosedException.class);
                }
            }
            assertThat(told).as("callbacks").hasValue(2 * OF_EACH);
            for (AtOnce driver : drivers) {
                assertThat(driver.closes).isEqualTo(1);
            }
            assertThat(runtime.describe()).isEmpty();
        }
    }

    /** Two queues that share a budget, whose jobs depend on each other. */
    private static final class Traffic {
        private final RingfenceRuntime runtime = RingfenceRuntime.start();
        private final List<AtOnce> drivers;
        private final List<JobQueue<String>> queues = new ArrayList<>();
        private final List<Fence> accepted = new ArrayList<>();

        Traffic(boolean waits) {
            drivers = List.of(new AtOnce(waits), new AtOnce(waits));
            CreditBudget budget = CreditBudget.create("shared", 2);
            for (AtOnce driver : drivers) {
                queues.add(runtime.openQueue(driver,
                        QueueOptions.named("q" + queues.size()).withCapacity(8).withCredits(4).withBudget(budget)));
            }
        }

        void submit() throws InterruptedException {
            PointFence last = null;
            for (int i = 0; i < JOBS; i++) {
                JobQueue<String> queue = queues.get(i % 2);
                try {
                    last = last == null ? queue.submit("job") : queue.submit("job", last);
                    accepted.add(last);
                    if (i % 4 == 0) {
                        Batch batch = Batch.create();
                        batch.add(queues.get(0), "one");
                        batch.add(queues.get(1), "two");
                        accepted.addAll(batch.commit().fences());
                    }
                } catch (StackOverflowError | OutOfMemoryError refused) {
                    // Told to the submitter: the job was not submitted.
                    assertThat(refused).hasMessage("as if");
                } catch (QueueClosedException closed) {
                    throw new AssertionError(closed);
                }
            }
        }

        void close() throws Exception {
            for (JobQueue<String> queue : queues) {
                for (boolean closed = false; !closed;) {
                    try {
                        queue.startClose();
                        closed = true;
                    } catch (StackOverflowError | OutOfMemoryError again) {
                        assertThat(again).hasMessage("as if");
                    }
                }
            }
            FutureTask<Void> closing = new FutureTask<>(runtime::close, null);
            new Thread(closing, "closing").start();
            closing.get();
        }

        void verify() throws InterruptedException {
            for (Fence fence : accepted) {
                assertThat(fence.await()).as(fence + " " + fence.failure()).isNotEqualTo(Outcome.PENDING);
            }
            for (AtOnce driver : drivers) {
                assertThat(driver.closes).isEqualTo(1);
            }
            assertThat(runtime.describe()).isEmpty();
        }
    }
}
