package io.ringfence.internal.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many virtual threads are woken by one, and nobody else is. */
@Timeout(60)
class CrowdTest {

    private static final int MANY = 3000;

    /** Says when it is its turn. */
    private static final class Other extends Deferred {
        private final List<Other> done;

        Other(List<Other> done) {
            this.done = done;
        }

        @Override
        protected @Nullable Deferred perform() {
            done.add(this);
            return null;
        }
    }

    private final CountDownLatch all = new CountDownLatch(MANY);

    /** The waiters of threads that wait to be woken, whether virtual or not. */
    private List<Deferred> waiters(int count, Thread.Builder builder) throws InterruptedException {
        List<Deferred> made = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            builder.start(() -> {
                Await await = new Await();
                synchronized (made) {
                    made.add(await);
                }
                begun.countDown();
                try {
                    assertThat(await.park(this, Long.MAX_VALUE)).isTrue();
                    all.countDown();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
        begun.await();
        synchronized (made) {
            made.forEach(await -> assertThat(((Await) await).decide()).isTrue());
            return List.copyOf(made);
        }
    }

    private static @Nullable Deferred chain(List<? extends Deferred> items) {
        Deferred first = null;
        for (Deferred item : items.reversed()) {
            item.next(first);
            first = item;
        }
        return first;
    }

    private static List<Deferred> list(@Nullable Deferred chain) {
        List<Deferred> items = new ArrayList<>();
        for (Deferred item = chain; item != null; item = item.next()) {
            items.add(item);
        }
        return items;
    }

    @Test
    void othersKeepTheirOrder() throws Exception {
        List<Other> done = new ArrayList<>();
        List<Deferred> items = new ArrayList<>();
        List<Other> others = new ArrayList<>();
        for (Deferred waiter : waiters(MANY, Thread.ofVirtual())) {
            if (items.size() % 10 == 0) {
                others.add(new Other(done));
                items.add(others.getLast());
            }
            items.add(waiter);
        }
        Deferred split = Crowd.split(chain(items), Thread.ofVirtual().factory());

        assertThat(list(split)).hasSize(3 + others.size());
        assertThat(list(split).subList(0, 3)).allMatch(item -> item instanceof Crowd);
        Deferred.run(split);
        assertThat(done).isEqualTo(others);
        assertThat(all.await(30, TimeUnit.SECONDS)).as("all were woken").isTrue();
    }

    @Test
    void wokenFromHereIfThereIsNoThread() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Deferred split = Crowd.split(chain(waiters(MANY, Thread.ofVirtual())), _ -> {
            asked.incrementAndGet();
            throw new OutOfMemoryError("no thread");
        });

        Deferred.run(split);
        assertThat(asked).hasValue(3);
        assertThat(all.await(30, TimeUnit.SECONDS)).as("all were woken").isTrue();
    }

    @Test
    void fewAreLeftAsTheyAre() throws Exception {
        Deferred few = chain(waiters(Crowd.LEAST - 1, Thread.ofVirtual()));
        assertThat(Crowd.of(few)).isSameAs(few);
        assertThat(list(few)).hasSize(Crowd.LEAST - 1);
        Deferred.run(few);
    }

    @Test
    void platformThreadsAreNoCrowd() throws Exception {
        Deferred chain = chain(waiters(Crowd.LEAST, Thread.ofPlatform().daemon()));
        assertThat(Crowd.of(chain)).isSameAs(chain);
        Deferred.run(chain);
        assertThat(Crowd.of(null)).isNull();
    }

    @Test
    void oneFenceOfMany() throws Exception {
        FenceIssuer issuer = FenceIssuer.create("start");
        Fence fence = issuer.fence();
        List<Integer> called = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            int number = i;
            if (i % 100 == 0) {
                fence.onDone(() -> called.add(number));
            }
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    assertThat(fence.await()).isEqualTo(Outcome.OK);
                    all.countDown();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        assertThat(issuer.signal()).isTrue();
        assertThat(called).as("by the thread that signals, in their order").hasSize(MANY / 100).isSorted();
        assertThat(all.await(30, TimeUnit.SECONDS)).as("all were woken").isTrue();
    }
}
