package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DumpTest extends OwnQueuesTestBase {
    private static final String MS = " ms";

    private final ManualDriver driver = new ManualDriver();

    @Test
    void anIdleQueueHasLittleToTell() {
        JobQueue<Object> queue = open(driver, options("idle"));
        assertThat(queue.dump().lines()).containsExactly("queue " + queue + ": finished 0, issued 0, claimed 0",
                "  credits: 0 of 64 in use", "  issue turn: free; completion turn: free", "  on the device: 0",
                "  waiting: 0");
        assertThat(queue.status()).isEqualTo(new QueueStatus("idle", 0, 0, 0, 0, Waits.NOTHING, 0, false,
                new QueueStatus.Recoveries(0, 0, 0, 0, 0)));
        queue.close();
        assertThat(queue.dump()).contains(", closed").contains("issue turn: ended; completion turn: ended");
    }

    @Test
    @DisplayName("H21: the head that waits for a fence is told with the fence, and what is on the device and behind with payloads")
    void waitsForAFence() throws Exception {
        JobQueue<Object> queue = open(driver, options("engine"));
        FenceIssuer texture = issuer("upload of texture 7");
        queue.submit("draw 1");
        queue.submit("draw 2", texture.fence());
        queue.submit("draw 3");

        String dump = queue.dump();
        assertThat(dump.lines()).contains("  on the device: 1", "    1 draw 1", "  waiting: 2", "    2 draw 2",
                "    3 draw 3", "    upload of texture 7");
        assertThat(dump).contains("queue " + queue + ": finished 0, issued 1, claimed 3, seqno 2 waits for upload")
                .contains("seqno 2 waits since ").contains(MS + " for:").contains("credits: 1 of 64 in use");
        assertThat(runtime.dump()).contains(dump.lines().findFirst().orElseThrow());
        QueueStatus status = queue.status();
        assertThat(status.waits()).isEqualTo(Waits.DEPENDENCIES);
        assertThat(status.onDevice()).isEqualTo(1);
        assertThat(status.live()).isEqualTo(3);
        texture.signal();
        assertThat(queue.dump()).doesNotContain("texture");
    }

    @Test
    @DisplayName("H21: of several fences those that are pending are told, of many some and how many more")
    void waitsForSeveral() throws Exception {
        JobQueue<Object> queue = open(driver, options("engine"));
        List<FenceIssuer> inputs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            inputs.add(issuer("input " + i + "."));
        }
        queue.submit("job", inputs.stream().map(FenceIssuer::fence).toArray(Fence[]::new));
        assertThat(queue.dump()).contains("input 0.").contains("input 15.").doesNotContain("input 16.")
                .contains("and 24 more");
        for (int i = 0; i < 38; i++) {
            inputs.get(i).signal();
        }
        assertThat(queue.dump()).contains("input 38.").contains("input 39.").doesNotContain("input 37.")
                .doesNotContain(" more");
        inputs.get(38).signal();
        inputs.get(39).signal();
        assertThat(driver.ran).containsExactly(1L);
    }

    @Test
    @DisplayName("H21: a head that no turn has come to look at yet is not said to have waited for ages")
    void sinceWhenTheHeadWaits() throws Exception {
        var inside = new CountDownLatch(2);
        var release = new CountDownLatch(1);
        Work blocking = _ -> {
            inside.countDown();
            release.await();
        };
        // As many as there are workers.
        for (int i = 0; i < 2; i++) {
            open(new BlockingDriver(), options("blocks")).submit(blocking);
        }
        inside.await();
        FenceIssuer input = issuer("input");
        long start = System.nanoTime();
        JobQueue<Object> queue = open(new BlockingDriver(), options("engine"));
        queue.submit("job", input.fence());
        String dump = queue.dump();
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        release.countDown();
        input.signal();

        assertThat(dump).contains("input");
        Matcher since = Pattern.compile("seqno 1 waits since (-?\\d+) ms").matcher(dump);
        if (since.find()) {
            assertThat(Long.parseLong(since.group(1))).isBetween(0L, passed);
        }
    }

    private static final class BlockingDriver extends InlineDriver {
        @Override
        public boolean mayBlock() {
            return true;
        }
    }

    @Test
    @DisplayName("H21: the head that waits for credits of its queue, or of a budget")
    void waitsForCredits() throws Exception {
        var budget = CreditBudget.create("vram", 4);
        JobQueue<Object> own = open(driver, options("own").withCredits(4));
        JobQueue<Object> sharing = open(new ManualDriver(), options("sharing").withBudget(budget));
        own.submit(3);
        own.submit(2);
        assertThat(own.dump()).contains("seqno 2 waits for credits").contains("credits: 3 of 4 in use")
                .contains("seqno 2, which costs 2, waits since ").contains(MS + " for credits");
        sharing.submit(3);
        sharing.submit(2);
        assertThat(sharing.dump()).contains("seqno 2 waits for 2 credits of budget vram")
                .contains("budget vram (1 of 4 free, 1 queues wait)").contains(MS + " for the budget");
        assertThat(runtime.dump().lines()).contains("budget vram (1 of 4 free, 1 queues wait)",
                "  " + sharing + " waits for 2");
        assertThat(budget).hasToString("budget vram (1 of 4 free, 1 queues wait)");
    }

    @Test
    @DisplayName("H7: a place that is claimed and not published yet is told as such")
    void waitsForPublication() {
        JobQueue<Object> queue = open(driver, options("slow"));
        assertThat(queue.trySubmit("on the device")).isEqualTo(1);
        QueueCore<Object> core = queue.core();
        long claimed = core.claim().claim(1);
        assertThat(queue.trySubmit("behind")).isEqualTo(3);

        assertThat(queue.status().waits()).isEqualTo(Waits.PUBLICATION);
        assertThat(queue.dump()).contains("seqno 2 is claimed and not published yet").contains("  waiting: 2")
                .contains("3 behind");
        Submitter.publishHoles(core.slots(), claimed, 1);
        core.issue().news();
        assertThat(queue.status().waits()).isEqualTo(Waits.NOTHING);
        assertThat(queue.dump()).contains("2 no job, done").contains("3 behind");
        driver.finishThrough(3);
        // The check of the driver takes a hole for a job that was lost.
        driver.violations.clear();
    }

    @Test
    @DisplayName("H21: who is parked for room is told by name, and for how many; a fence for room stands in the line too")
    void parkedSubmitters() throws Exception {
        JobQueue<Object> queue = open(driver, options("full").withCapacity(2));
        queue.submit("1");
        queue.submit("2");
        FutureTask<Void> submitter = start("producer-17", () -> queue.submit("3"));
        Spin.until(() -> queue.status().inLine() == 1);
        Fence room = queue.room(2);

        assertThat(queue.status().inLine()).isEqualTo(2);
        assertThat(queue.dump()).contains("2 submitters wait for room").contains("thread producer-17#")
                .containsPattern("thread producer-17#\\d+ waits since \\d+ ms for room for 1")
                .containsPattern("a fence waits since \\d+ ms for room for 2");
        driver.finishThrough(1);
        submitter.get();
        driver.finishThrough(3);
        assertOk(room);
        assertThat(queue.dump()).doesNotContain("room");
    }

    @Test
    @DisplayName("H21: threads that are parked on fences are told by name, with the seqno; so are jobs of other queues")
    void waitersOnFences() throws Exception {
        JobQueue<Object> queue = open(driver, options("engine"));
        JobQueue<Object> other = open(new ManualDriver(), options("other"));
        queue.submit("1");
        PointFence second = queue.submit("2");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(Thread.ofPlatform().daemon().name("reader-" + i).start(() -> {
                try {
                    second.await(Duration.ofMinutes(1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        threads.forEach(QueueTestBase::awaitParked);
        other.submit("depends", second);

        String dump = queue.dump();
        for (Thread reader : threads) {
            assertThat(dump).containsPattern("thread " + reader.getName() + "#" + reader.threadId()
                    + ", since \\d+ ms, for seqno 2");
        }
        assertThat(dump).contains("a job of queue " + other + " for seqno 2");
        assertThat(other.dump()).contains("seqno 1 waits for " + second);
        driver.finishThrough(2);
        for (Thread reader : threads) {
            reader.join();
        }
        assertThat(queue.dump()).doesNotContain("reader-");
    }

    @Test
    void ofManyJobsSomeAreShown() throws Exception {
        JobQueue<Object> queue = open(driver, options("many").withCapacity(128).withCredits(40));
        for (int i = 1; i <= 100; i++) {
            queue.submit("job " + i + ".");
        }
        driver.fail(2, new IllegalStateException("broken"));
        driver.finish(3);
        queue.timeline().poll();
        String dump = queue.dump();
        assertThat(dump).contains("on the device: 40").contains("16 job 16.").doesNotContain("17 job 17.")
                .contains("and 24 more").contains("waiting: 60").contains("41 job 41.").contains("and 44 more")
                .contains("2 job 2., failed").contains("3 job 3., done");
        driver.finishThrough(100);
    }

    @Test
    @DisplayName("H13: dumped from several threads in full traffic, nothing is thrown and nothing is stopped")
    void inFullTraffic() throws Exception {
        var budget = CreditBudget.create("shared", 6);
        List<JobQueue<Object>> queues = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            queues.add(open(new PushDriver(1, i == 0), options("traffic" + i).withCapacity(8).withBudget(budget)));
        }
        var over = new CountDownLatch(1);
        List<FutureTask<Void>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            readers.add(start("reader", () -> {
                while (over.getCount() != 0) {
                    assertThat(runtime.dump()).contains("traffic0").contains("traffic2").contains("budget shared");
                    for (QueueStatus status : runtime.status()) {
                        assertThat(status.finished()).isLessThanOrEqualTo(status.issued());
                        assertThat(status.issued()).isLessThanOrEqualTo(status.claimed());
                        assertThat(status.live()).isBetween(0L, status.claimed());
                    }
                    queues.forEach(queue -> assertThat(queue.describe()).contains(queue.toString()));
                }
            }));
        }
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            users.add(start("user", () -> {
                PointFence before = queues.get(number).submit(1);
                for (int job = 0; job < 3_000; job++) {
                    FenceIssuer input = FenceIssuer.create("input");
                    JobQueue<Object> queue = queues.get((job + number) % 3);
                    PointFence fence = queue.submit(1 + job % 5, before, input.fence());
                    input.signal();
                    if (job % 16 == 3) {
                        boolean _ = queue.cancel(fence);
                        fence.await();
                        before = queue.submit(1);
                    } else {
                        before = fence;
                    }
                }
            }));
        }
        join(users);
        over.countDown();
        join(readers);
    }
}
