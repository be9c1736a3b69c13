package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClientTest extends OwnQueuesTestBase {
    private final AbortDriver first = new AbortDriver();
    private final AbortDriver second = new AbortDriver();

    @Test
    void aClientOpensQueuesWithEachKindOfPayload() throws Exception {
        Client client = runtime.openClient("app");
        assertThat(client.name()).isEqualTo("app");
        assertThat(client).hasToString("client app");
        JobQueue<Object> plain = open(client, first, options("plain"));
        JobQueue<Integer> costly = hold(client.openQueue(intsOn(new InlineDriver()), options("costly").withCredits(4),
                PayloadTraits.<Integer>plain().withCost(cost -> cost)));
        assertThat(plain.trySubmit("job")).isEqualTo(1);
        assertThat(costly.submit(4).await()).isEqualTo(Outcome.OK);
        assertThatThrownBy(() -> costly.submit(5)).isInstanceOf(IllegalArgumentException.class);
        first.finishQuietlyThrough(1);
        client.close();
    }

    @SuppressWarnings("unchecked") // it takes any payload
    private <P> io.ringfence.driver.Driver<P> intsOn(CheckedDriver driver) {
        return (io.ringfence.driver.Driver<P>) own(driver);
    }

    @Test
    @DisplayName("H19: closing a client closes its queues and no others, and it opens no more")
    void closes() throws Exception {
        Client client = runtime.openClient("app");
        JobQueue<Object> a = open(client, first, options("a"));
        JobQueue<Object> b = open(client, second, options("b"));
        JobQueue<Object> other = open(new ManualDriver());
        PointFence job = a.submit("job");
        first.finishQuietlyThrough(1);

        client.close();

        assertOk(job);
        assertThat(first.closes).hasValue(1);
        assertThat(second.closes).hasValue(1);
        assertThat(a.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        assertThat(b.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        assertThat(other.trySubmit("job")).isEqualTo(1);
        var refused = new ManualDriver();
        assertThatThrownBy(() -> client.openQueue(refused, options("late"))).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("client app is closed").hasMessageContaining("late");
        assertThat(refused.link()).as("the driver was not used").isNull();
        client.close();
        assertThat(client.startClose().outcome()).isEqualTo(Outcome.OK);
        assertThat(first.closes).hasValue(1);
    }

    @Test
    void startCloseTellsWhenAllHaveEnded() throws Exception {
        Client client = runtime.openClient("app");
        JobQueue<Object> a = open(client, first, options("a"));
        JobQueue<Object> b = open(client, second, options("b"));
        a.submit("job");
        b.submit("job");
        Fence end = client.startClose();
        first.finishThrough(1);
        assertOk(a.startClose());
        assertThat(end.isDone()).isFalse();
        assertThatThrownBy(() -> client.openQueue(new ManualDriver(), options("late")))
                .isInstanceOf(IllegalStateException.class);
        second.finishThrough(1);
        assertOk(end);
        assertThat(client.usage()).isEqualTo(new Client.Usage(2, 0, 2, 2, 0, 0));
    }

    @Test
    @DisplayName("K1: killing a client asks the devices for the jobs on them and cancels what waits, in all of its queues")
    void kills() throws Exception {
        Client client = runtime.openClient("app");
        JobQueue<Object> a = open(client, first, options("a").withCredits(1));
        JobQueue<Object> b = open(client, second, options("b"));
        var given = new IllegalStateException("ECANCELED");
        first.onAbort = seqno -> first.fail(seqno, given);
        second.onAbort = seqno -> second.link().failed(seqno, given);
        PointFence onA = a.submit("on a");
        PointFence waits = a.submit("waits");
        PointFence onB = b.submit("on b");

        Fence end = client.kill();

        assertOk(end);
        assertThat(onA.failure()).isEqualTo(new Failure.DriverError(given));
        assertThat(onB.failure()).isEqualTo(new Failure.DriverError(given));
        assertThat(waits.failure()).isEqualTo(new Failure.Cancelled("client app was killed"));
        assertThat(first.aborted).containsExactly(1L);
        assertThat(second.aborted).containsExactly(1L);
        assertThat(a.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        assertThatThrownBy(() -> client.openQueue(new ManualDriver(), options("late")))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("is closed");
        assertThat(client.usage()).isEqualTo(new Client.Usage(2, 0, 3, 3, 3, 0));
        assertOk(client.kill());
    }

    @Test
    @DisplayName("H10: banning a client bans its queues by name, and new ones are refused with the reason")
    void bans() throws Exception {
        Client client = runtime.openClient("app");
        JobQueue<Object> a = open(client, first, options("a").withCredits(1));
        a.submit("on the device");
        PointFence waits = a.submit("waits");

        Fence end = client.ban("hung 3 times");
        assertThat(a.trySubmit("late")).isEqualTo(SubmitCode.BANNED);
        assertThatThrownBy(() -> a.submit("late")).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("is banned: client app: hung 3 times");
        assertThatThrownBy(() -> client.openQueue(new ManualDriver(), options("late")))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("client app is banned: hung 3 times");
        Fence again = client.ban("the first reason stays");
        assertThatThrownBy(() -> client.openQueue(new ManualDriver(), options("late")))
                .hasMessageContaining("hung 3 times");
        first.finishThrough(1);
        assertOk(end);
        assertOk(again);
        assertThat(failureOf(waits)).isEqualTo(new Failure.Banned("client app: hung 3 times"));
        assertThatThrownBy(() -> client.ban(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void usageAddsUpQueuesThatHaveEndedAndThoseThatGoOn() throws Exception {
        Client client = runtime.openClient("app");
        assertThat(client.usage()).isEqualTo(new Client.Usage(0, 0, 0, 0, 0, 0));
        JobQueue<Object> a = open(client, first, options("a"));
        JobQueue<Object> b = open(client, second, options("b"));
        for (int i = 0; i < 3; i++) {
            a.submit("job");
        }
        PointFence bad = a.submit((Work) _ -> {
            throw new IllegalStateException("no");
        });
        b.submit("job");
        b.submit("job");
        assertThat(client.usage()).isEqualTo(new Client.Usage(2, 2, 6, 0, 0, 0));
        first.finishThrough(3);
        assertThat(failureOf(bad)).isNotNull();
        assertThat(client.usage()).isEqualTo(new Client.Usage(2, 2, 6, 4, 1, 0));
        a.close();
        assertThat(client.usage()).isEqualTo(new Client.Usage(2, 1, 6, 4, 1, 0));
        JobQueue<Object> c = open(client, new InlineDriver(), options("c"));
        assertOk(c.submit("job"));
        second.finishThrough(1);
        b.timeline().poll();
        assertThat(client.usage()).isEqualTo(new Client.Usage(3, 2, 7, 6, 1, 0));
        assertThat(client.dump()).contains("client app").contains("queue b#").contains("queue c#")
                .doesNotContain("queue a#");
        second.finishQuietlyThrough(2);
        client.close();
        assertThat(client.usage()).isEqualTo(new Client.Usage(3, 0, 7, 7, 1, 0));
    }

    @Test
    @DisplayName("H19: a runtime may be closed before its clients, and a client without queues may be forgotten")
    void runtimeFirst() throws Exception {
        Client client = runtime.openClient("app");
        runtime.openClient("forgotten");
        JobQueue<Object> a = open(client, new InlineDriver(), options("a"));
        PointFence job = a.submit("job");
        runtime.close();
        assertOk(job);
        assertThat(client.usage()).isEqualTo(new Client.Usage(1, 0, 1, 1, 0, 0));
        assertThatThrownBy(() -> client.openQueue(new ManualDriver(), options("late")))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("runtime is closed");
        client.close();
        assertOk(client.kill());
        assertOk(client.ban("late"));
    }

    @Test
    @DisplayName("H6: closing a client in a callback only starts it")
    void closedInACallback() throws Exception {
        Client client = runtime.openClient("app");
        JobQueue<Object> a = open(client, first, options("a"));
        PointFence job = a.submit("job");
        FenceIssuer outside = issuer("outside");
        var closes = new ArrayList<Integer>();
        var _ = outside.fence().onDone(() -> {
            client.close();
            closes.add(first.closes.get());
        });
        outside.signal();
        assertThat(closes).containsExactly(0);
        assertThat(a.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        first.finishThrough(1);
        assertOk(a.startClose());
        assertOk(job);
    }

    @Test
    @DisplayName("H6: a client may be killed by a job that is just being run, and closed in a poll")
    void endedInsideDriverMethods() throws Exception {
        Client client = runtime.openClient("app");
        var closing = new AtomicReference<Client>();
        var polled = new ManualDriver() {
            @Override
            void report(Completions completions) {
                Client mine = closing.getAndSet(null);
                if (mine != null) {
                    mine.close();
                }
                super.report(completions);
            }
        };
        JobQueue<Object> a = open(client, first, options("a"));
        JobQueue<Object> b = open(client, polled, options("b"));
        b.submit("job");
        closing.set(client);
        b.timeline().poll();
        assertThat(a.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        assertThat(first.closes).hasValue(1);

        Client other = runtime.openClient("other");
        JobQueue<Object> c = open(other, second, options("c"));
        c.submit((Work) _ -> {
            var _ = other.kill();
        });
        assertThat(second.aborted).containsExactly(1L);
        second.finishThrough(1);
        polled.finishThrough(1);
        assertOk(c.startClose());
        assertOk(b.startClose());
    }

    @Test
    @DisplayName("H19: queues are opened while the client is ended: each is refused, or ends with it")
    void openBesideEnd() throws Exception {
        var barrier = new CyclicBarrier(3);
        for (int round = 0; round < 200; round++) {
            Client client = runtime.openClient("app");
            var opened = new ConcurrentLinkedQueue<JobQueue<Object>>();
            List<FutureTask<Void>> openers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                openers.add(start("opener", () -> {
                    Spin.meet(barrier);
                    try {
                        for (int queue = 0; queue < 5; queue++) {
                            opened.add(client.openQueue(new InlineDriver(), options("q")));
                        }
                    } catch (IllegalStateException refused) {
                        assertThat(refused).hasMessageContaining("client app is");
                    }
                }));
            }
            Spin.meet(barrier);
            boolean bans = round % 2 == 0;
            Fence end = bans ? client.ban("no") : client.kill();
            join(openers);
            assertOk(end);
            assertThat(opened)
                    .allMatch(queue -> queue.trySubmit("late") == (bans ? SubmitCode.BANNED : SubmitCode.CLOSED));
            Client.Usage usage = client.usage();
            assertThat(usage.queues()).isEqualTo(opened.size());
            assertThat(usage.open()).isZero();
        }
    }

    @Test
    @DisplayName("H19: queues are opened while the runtime is closed: what was opened has ended then and is accounted for")
    void openBesideRuntimeClose() throws Exception {
        var barrier = new CyclicBarrier(2);
        for (int round = 0; round < 100; round++) {
            RingfenceRuntime other = RingfenceRuntime.start(1);
            Client client = other.openClient("app");
            var opened = new ConcurrentLinkedQueue<JobQueue<Object>>();
            FutureTask<Void> opener = start("opener", () -> {
                Spin.meet(barrier);
                try {
                    for (int queue = 0; queue < 200; queue++) {
                        opened.add(client.openQueue(new InlineDriver(), options("q")));
                    }
                } catch (IllegalStateException refused) {
                    assertThat(refused).hasMessageContaining("the runtime is closed");
                }
            });
            Spin.meet(barrier);
            other.close();
            opener.get();
            assertThat(opened).allMatch(queue -> queue.trySubmit("late") == SubmitCode.CLOSED);
            assertThat(client.usage()).isEqualTo(new Client.Usage(opened.size(), 0, 0, 0, 0, 0));
        }
    }

    @Test
    @DisplayName("H14: a driver that ends another queue while it is opened, and waits for that, holds up nobody")
    void endsAnotherWhileOpened() throws Exception {
        JobQueue<Object> old = open(first, options("old"), PayloadTraits.plain());
        old.submit("job");
        var ended = new AtomicReference<Outcome>();
        var replacing = new CompareDriver() {
            @Override
            public void open(DriverLink opened) {
                super.open(opened);
                Fence end = old.startClose();
                first.finishThrough(1);
                try {
                    // The bound is for the case that it does hold up.
                    ended.set(end.await(Duration.ofSeconds(3)));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        JobQueue<Object> fresh = hold(runtime.openQueue(replacing, options("new")));
        assertThat(ended).as("the end of the old queue").hasValue(Outcome.OK);
        assertOk(fresh.submit("job"));
    }
}
