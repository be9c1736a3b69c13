package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HandleTest extends OwnQueuesTestBase {

    /** Not held by anybody but the caller. */
    private JobQueue<Object> loose(CheckedDriver driver, String name) {
        return runtime.openQueue(own(driver), options(name), PayloadTraits.plain());
    }

    private static void collectUntil(BooleanSupplier reached) {
        Spin.until(() -> {
            System.gc();
            return reached.getAsBoolean();
        });
    }

    @Test
    @DisplayName("H19: a queue that is collected without having been closed is reported by name, and closed by its runtime")
    void collectedIdle() throws Exception {
        var driver = new InlineDriver() {
            volatile String closedBy;

            @Override
            public void close() {
                super.close();
                closedBy = Thread.currentThread().getName();
            }
        };
        try (var log = new LogCapture()) {
            WeakReference<?> handle = useAndDrop(driver);
            collectUntil(() -> driver.closes.get() == 1);
            assertThat(handle.get()).isNull();
            assertThat(log.messages()).singleElement().asString().contains("dropped").contains("was not closed")
                    .contains("finished 1");
        }
        assertThat(driver.closedBy).as("not by the thread of the collector").startsWith("ringfence-");
        Spin.until(() -> runtime.describe().isEmpty());
    }

    @Test
    @DisplayName("H19: a scheduler that nobody can use any more is closed, though jobs have gone through it")
    void collectedScheduler() throws Exception {
        var driver = new InlineDriver();
        try (var log = new LogCapture()) {
            WeakReference<?> handle = scheduleAndDrop(driver);
            collectUntil(() -> driver.closes.get() == 1);
            assertThat(handle.get()).isNull();
            assertThat(log.messages()).singleElement().asString().contains("forgotten").contains("was not closed");
        }
        Spin.until(() -> runtime.describe().isEmpty());
    }

    private WeakReference<?> scheduleAndDrop(CheckedDriver driver) throws InterruptedException {
        Scheduler<Object> scheduler =
                Scheduler.open(runtime, own(driver), SchedulerOptions.named("forgotten").withCredits(4));
        try (Entity<Object> entity = scheduler.openEntity(EntityOptions.named("entity"))) {
            for (int i = 0; i < 16; i++) {
                assertOk(entity.submit("job"));
            }
        }
        return new WeakReference<>(scheduler);
    }

    private WeakReference<?> useAndDrop(CheckedDriver driver) throws InterruptedException {
        JobQueue<Object> queue = loose(driver, "dropped");
        assertOk(queue.submit("job"));
        return new WeakReference<>(queue);
    }

    @Test
    @DisplayName("H19: jobs of a collected queue that wait or are on the device still finish; their fences outlive it")
    void collectedBusy() throws Exception {
        var driver = new ManualDriver();
        FenceIssuer input = issuer("input");
        List<PointFence> jobs = new ArrayList<>();
        try (var log = new LogCapture()) {
            WeakReference<?> handle = submitAndDrop(driver, input.fence(), jobs);
            collectUntil(() -> handle.get() == null && log.has("was not closed"));
            assertThat(log.messages().getFirst()).contains("busy").contains("seqno 2 waits for input");
        }
        assertThat(jobs).noneMatch(Fence::isDone);
        assertThat(driver.closes).as("on the device's word only").hasValue(0);
        // It is told of first, and closed then.
        Spin.until(() -> runtime.describe().contains("closed"));
        assertThat(runtime.describe()).contains("busy");

        driver.finishThrough(1);
        assertOk(jobs.getFirst());
        input.signal();
        // By whoever has the turn now, which may be a thread of the runtime's that has just retired the first.
        Spin.until(() -> driver.ran.size() == 3);
        assertThat(driver.ran).containsExactly(1L, 2L, 3L);
        driver.finishThrough(3);
        assertOk(jobs.get(1));
        assertOk(jobs.get(2));
        Spin.until(() -> runtime.describe().isEmpty());
        System.gc();
        assertThat(jobs.get(2)).hasToString(jobs.get(2).timeline() + ":3");
        assertThat(jobs.get(2).timeline().name()).isEqualTo("busy");
        jobs.get(2).timeline().poll();
    }

    private WeakReference<?> submitAndDrop(CheckedDriver driver, Fence input, List<PointFence> jobs)
            throws InterruptedException {
        JobQueue<Object> queue = loose(driver, "busy");
        jobs.add(queue.submit("on the device"));
        jobs.add(queue.submit("waits", input));
        jobs.add(queue.submit("behind"));
        return new WeakReference<>(queue);
    }

    @Test
    @DisplayName("H19: fences, timelines, clients and rooms that are held do not keep a handle from being collected")
    void heldFencesKeepNoHandle() throws Exception {
        Client client = runtime.openClient("app");
        var driver = new ManualDriver();
        List<Object> kept = new ArrayList<>();
        try (var log = new LogCapture()) {
            WeakReference<?> handle = keepEverythingElse(client, driver, kept);
            collectUntil(() -> handle.get() == null && log.has("was not closed"));
        }
        assertThat(kept).hasSize(4);
        driver.finishThrough(1);
        Spin.until(() -> client.usage().open() == 0);
        assertThat(((Fence) kept.getFirst()).outcome()).isEqualTo(Outcome.OK);
    }

    private WeakReference<?> keepEverythingElse(Client client, CheckedDriver driver, List<Object> kept)
            throws InterruptedException {
        JobQueue<Object> queue = client.openQueue(own(driver), options("kept"));
        kept.add(queue.submit("job"));
        kept.add(queue.timeline());
        kept.add(queue.room(64));
        kept.add(queue.timeline().failureCursor());
        return new WeakReference<>(queue);
    }

    @Test
    @DisplayName("H19: a closed queue is collected without a word")
    void collectedClosed() throws Exception {
        List<WeakReference<?>> handles = new ArrayList<>();
        try (var log = new LogCapture()) {
            closeAndDrop(handles);
            // When this one is reported, the collector's thread has seen the others: it is done last.
            for (WeakReference<?> handle : handles) {
                collectUntil(() -> handle.get() == null);
            }
            useAndDrop(new InlineDriver());
            collectUntil(() -> log.has("dropped"));
            assertThat(log.messages()).hasSize(1);
        }
    }

    private void closeAndDrop(List<WeakReference<?>> handles) {
        for (int i = 0; i < 3; i++) {
            JobQueue<Object> queue = loose(new InlineDriver(), "closed" + i);
            switch (i) {
                case 0 -> queue.close();
                case 1 -> {
                    Fence _ = queue.kill();
                }
                default -> {
                    Fence _ = queue.ban("no");
                }
            }
            handles.add(new WeakReference<>(queue));
        }
    }

    @Test
    @DisplayName("H7: a logger that throws does not keep a collected queue from being closed")
    void loggerThrows() throws Exception {
        var driver = own(new InlineDriver());
        var thrown = new ConcurrentLinkedQueue<String>();
        try (RingfenceRuntime oneWorker = RingfenceRuntime.start(1); var _ = new LogCapture(message -> {
            if (message.contains("was not closed")) {
                thrown.add(message);
                throw new IllegalStateException("the disk is full");
            }
        })) {
            openAndDrop(oneWorker, driver);
            collectUntil(() -> !thrown.isEmpty());
            Spin.until(() -> driver.closes.get() == 1);
        }
    }

    private void openAndDrop(RingfenceRuntime in, CheckedDriver driver) {
        assertThat(in.openQueue(driver, options("dropped")).trySubmit("job")).isEqualTo(1);
    }

    @Test
    @DisplayName("H19: the last use of a handle being submit, the job is not lost, while the collector runs all the time")
    void lastUseIsSubmit() throws Exception {
        List<Fence> fences = new ArrayList<>();
        var over = new CountDownLatch(1);
        FutureTask<Void> collector = start("collector", () -> {
            while (over.getCount() != 0) {
                System.gc();
            }
        });
        try (var _ = new LogCapture()) {
            for (int round = 0; round < 100; round++) {
                fences.add(loose(new InlineDriver(), "last").submit("job"));
                loose(new InlineDriver(), "try").trySubmit("job");
                fences.add(loose(new InlineDriver(), "for").submitFor("job", String::valueOf).fence());
            }
            over.countDown();
            collector.get();
            for (Fence fence : fences) {
                assertOk(fence);
            }
            collectUntil(() -> runtime.describe().isEmpty());
        }
    }

    @Test
    @DisplayName("H19: a submitter that is parked keeps the handle, though submit is the last that is done with it")
    void parkedSubmitterKeepsTheHandle() throws Exception {
        // Compiled code lets go of what it does not use any more; interpreted code does not.
        JobQueue<Object> warm = open(new InlineDriver());
        for (int i = 0; i < 30_000; i++) {
            warm.submit("job");
        }
        var driver = new ManualDriver();
        try (var log = new LogCapture()) {
            FutureTask<PointFence> submitter = new FutureTask<>(() -> full(driver).submit("third"));
            Thread.ofPlatform().daemon().start(submitter);
            Spin.until(() -> runtime.status().stream().anyMatch(status -> status.inLine() == 1));
            // When this one is reported, whatever else could be collected has been seen, too.
            for (int i = 0; i < 3; i++) {
                useAndDrop(new InlineDriver());
                int reports = i + 1;
                collectUntil(() -> log.messages().size() >= reports);
            }
            assertThat(log.has("full")).isFalse();
            driver.finishThrough(1);
            assertThat(submitter.get().seqno()).isEqualTo(3);
        }
    }

    private JobQueue<Object> full(ManualDriver driver) {
        JobQueue<Object> queue =
                runtime.openQueue(own(driver), options("full").withCapacity(2), PayloadTraits.plain());
        assertThat(queue.trySubmit("first")).isEqualTo(1);
        assertThat(queue.trySubmit("second")).isEqualTo(2);
        return queue;
    }

    @Test
    @DisplayName("H19: runtimes, clients and queues close in any order, twice, from many threads, with jobs on the way")
    void anyOrder() throws Exception {
        var random = new Random(5);
        for (int round = 0; round < 60; round++) {
            RingfenceRuntime other = RingfenceRuntime.start(1);
            Client client = other.openClient("app");
            List<CheckedDriver> drivers = new ArrayList<>();
            List<PointFence> jobs = new ArrayList<>();
            List<Body> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                CheckedDriver driver = i % 2 == 0 ? new PollDriver(true) : new PushDriver(1, true);
                drivers.add(driver);
                JobQueue<Object> queue =
                        hold(i < 2 ? client.openQueue(driver, options("q" + i))
                                : other.openQueue(driver, options("q" + i)));
                for (int job = 0; job < 20; job++) {
                    jobs.add(jobs.isEmpty() ? queue.submit("job") : queue.submit("job", jobs.getLast()));
                }
                closers.add(queue::close);
                closers.add(queue::close);
                closers.add(() -> assertOk(queue.startClose()));
            }
            closers.add(client::close);
            closers.add(client::close);
            closers.add(other::close);
            closers.add(other::close);
            Collections.shuffle(closers, random);
            var go = new CountDownLatch(1);
            List<FutureTask<Void>> threads = new ArrayList<>();
            for (List<Body> share : List.of(closers.subList(0, 4), closers.subList(4, 8), closers.subList(8, 12),
                    closers.subList(12, 16))) {
                threads.add(start("closer", () -> {
                    go.await();
                    for (Body closer : share) {
                        closer.run();
                    }
                }));
            }
            go.countDown();
            join(threads);
            assertThat(jobs).allMatch(job -> job.outcome() == Outcome.OK);
            assertThat(drivers).allMatch(driver -> driver.closes.get() == 1 && driver.violations().isEmpty());
            assertThat(other.describe()).isEmpty();
            assertThatThrownBy(() -> other.openQueue(new InlineDriver(), options("late")))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @DisplayName("H19: each job's callback closes another parent or child; everything ends once, nobody waits for himself")
    void closedInCallbacks() throws Exception {
        RingfenceRuntime other = another();
        Client client = other.openClient("app");
        List<JobQueue<Object>> queues = new ArrayList<>();
        List<ManualDriver> drivers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            drivers.add(own(new ManualDriver()));
            queues.add(hold(client.openQueue(drivers.get(i), options("q" + i))));
        }
        List<Runnable> closers = List.of(() -> queues.get(1).close(), client::close, other::close,
                () -> queues.getFirst().close());
        for (int i = 0; i < 4; i++) {
            var _ = queues.get(i).submit("job").onDone(closers.get(i));
        }
        for (int i = 0; i < 4; i++) {
            drivers.get(i).finishThrough(1);
        }
        for (JobQueue<Object> queue : queues) {
            assertOk(queue.startClose());
        }
        Spin.until(() -> other.describe().isEmpty());
        other.close();
        assertThat(drivers).allMatch(driver -> driver.closes.get() == 1);
    }
}
