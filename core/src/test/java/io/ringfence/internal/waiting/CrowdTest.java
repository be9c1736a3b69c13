package io.ringfence.internal.waiting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many virtual threads wake each other, whoever gets a carrier. */
@Timeout(60)
class CrowdTest {

    private static final int MANY = 2 * Crowd.LEAST + 100;

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

    /** The waiters of virtual threads that wait to be woken. */
    private List<Deferred> waiters(int count) throws InterruptedException {
        List<Deferred> made = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                Await await = new Await();
                synchronized (made) {
                    made.add(await);
                }
                begun.countDown();
                parkUntilWoken(await);
            }));
        }
        begun.await();
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
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
        for (Deferred waiter : waiters(MANY)) {
            if (items.size() % 10 == 0) {
                others.add(new Other(done));
                items.add(others.getLast());
            }
            items.add(waiter);
        }
        Deferred all = Crowd.of(chain(items));

        int firsts = (MANY + Crowd.SHARE - 1) / Crowd.SHARE;
        assertThat(list(all)).hasSize(1 + firsts + others.size());
        assertThat(list(all).getFirst()).isInstanceOf(Crowd.class);
        Deferred.run(all);
        assertThat(done).isEqualTo(others);
        assertAllWoken();
    }

    /** Whoever was to wake the others has seen that he may go on before he could be told of them. */
    @Test
    void firstsHaveGoneOnAlready() throws Exception {
        Deferred crowd = Crowd.of(chain(waiters(MANY)));
        long firsts = list(crowd).stream().filter(item -> item instanceof Await).count();
        list(crowd).stream().filter(item -> item instanceof Await).forEach(first -> ((Await) first).wake());
        while (all.getCount() > MANY - firsts) {
            Thread.onSpinWait();
        }
        assertThat(all.getCount()).as("nobody has woken the others").isEqualTo(MANY - firsts);
        Deferred.run(crowd);
        assertAllWoken();
    }

    @Test
    void thereIsNoThreadToLookOn() throws Exception {
        Deferred crowd = Objects.requireNonNull(Crowd.of(chain(waiters(MANY))));
        Deferred firsts = crowd.next();
        ((Crowd) crowd).begin(false);
        Deferred.run(firsts);
        assertAllWoken();
    }

    /** As many virtual threads as are counted, parked each on the point that belongs to its number. */
    private List<Thread> parkedOn(WaiterStacks stacks, LongUnaryOperator point) throws InterruptedException {
        return parked(MANY, () -> {
            Await await = new Await();
            stacks.push(await, point.applyAsLong(Thread.currentThread().threadId() % MANY));
            parkUntilWoken(await);
        });
    }

    private void parkUntilWoken(Await await) {
        try {
            assertThat(await.park(this, Long.MAX_VALUE)).isTrue();
            all.countDown();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Behind something that the list had before. */
    @Test
    void crowdOfManyPoints() throws Exception {
        WaiterStacks stacks = new WaiterStacks(Integer.highestOneBit(2 * MANY));
        List<Thread> threads = parkedOn(stacks, number -> number + 1);
        List<Other> done = new ArrayList<>();
        Other before = new Other(done);
        DeferredList due = new DeferredList();
        due.append(before, before);
        stacks.sweep(0, MANY, due);
        Deferred chain = Objects.requireNonNull(due.take());
        assertThat(threads).hasSize(MANY);
        assertThat(list(chain).getFirst()).isSameAs(before);
        assertThat(list(chain).get(1)).isInstanceOf(Crowd.class);
        assertThat(stacks.anyVolatile()).isFalse();
        Deferred.run(chain);
        assertThat(done).containsExactly(before);
        assertAllWoken();
    }

    /** One that does not park. */
    private static final class Counting extends Waiter {
        private final List<Counting> done;

        Counting(List<Counting> done) {
            this.done = done;
        }

        @Override
        protected @Nullable Deferred fired() {
            done.add(this);
            return null;
        }

        /** So many, one on each point from the first on. */
        static List<Counting> pushed(WaiterStacks stacks, int first, int count, List<Counting> done) {
            List<Counting> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(new Counting(done));
                stacks.push(all.getLast(), first + i);
            }
            return all;
        }
    }

    /**
     * So many that they end before a portion does, with it, behind it, and several later. They come when enough have been found who park,
     * at points at which some of these wait, and others after those.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, Crowd.SHARE / 2, Crowd.SHARE - 1, Crowd.SHARE, Crowd.SHARE + 1, 3 * Crowd.SHARE,
        Crowd.LEAST, MANY})
    void othersBetweenThoseWhoPark(int others) throws Exception {
        WaiterStacks stacks = new WaiterStacks(Integer.highestOneBit(4 * MANY));
        List<Counting> done = new ArrayList<>();
        // Three to a point, and at the next two none.
        List<Thread> threads = parkedOn(stacks, number -> number / 3 * 3 + 1);
        List<Counting> expected = Counting.pushed(stacks, Crowd.LEAST + 100, others, done);
        DeferredList due = new DeferredList();
        stacks.sweep(0, 2 * MANY, due);
        assertThat(threads).hasSize(MANY);
        assertThat(stacks.anyVolatile()).isFalse();
        Deferred.run(due.take());
        assertThat(done).isEqualTo(expected);
        assertAllWoken();
    }

    /** Before anybody who parks: there is no crowd when it is first looked for one. */
    @Test
    void manyOthersComeFirst() throws Exception {
        WaiterStacks stacks = new WaiterStacks(Integer.highestOneBit(8 * MANY));
        List<Counting> done = new ArrayList<>();
        List<Counting> expected = Counting.pushed(stacks, 1, 2 * Crowd.LEAST, done);
        List<Thread> threads = parkedOn(stacks, number -> 2 * Crowd.LEAST + number + 1);
        DeferredList due = new DeferredList();
        stacks.sweep(0, 2 * Crowd.LEAST + MANY, due);
        assertThat(threads).hasSize(MANY);
        Deferred chain = Objects.requireNonNull(due.take());
        assertThat(chain).isInstanceOf(Crowd.class);
        Deferred.run(chain);
        assertThat(done).isEqualTo(expected);
        assertAllWoken();
    }

    /** Whoever gathered it came to the end of his stack before he had put everybody back into the list. */
    @Test
    void notEndedByWhoGatheredIt() throws Exception {
        List<Other> done = new ArrayList<>();
        Other other = new Other(done);
        DeferredList list = new DeferredList();
        list.append(chain(waiters(MANY)));
        list.append(other, other);
        assertThat(Crowd.gather(null, list, null)).isNotNull();
        Deferred.run(list.take());
        assertThat(done).containsExactly(other);
        assertAllWoken();
    }

    @Test
    void fewAreLeftAsTheyAre() throws Exception {
        int count = Crowd.LEAST - 1;
        Deferred few = chain(waiters(count));
        assertThat(Crowd.of(few)).isSameAs(few);
        assertThat(list(few)).hasSize(count);
        Deferred.run(few);
        while (all.getCount() > MANY - count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoDoesNotParkIsNoCrowd() {
        List<Other> done = new ArrayList<>();
        List<Other> others = Stream.generate(() -> new Other(done)).limit(Crowd.LEAST).toList();
        Deferred chain = chain(others);
        assertThat(Crowd.of(chain)).isSameAs(chain);
        Deferred.run(chain);
        assertThat(done).isEqualTo(others);
        assertThat(Crowd.of(null)).isNull();
    }

    /** Waits while it is initialised, which keeps the carrier; defined anew for each that waits. */
    private static final class Pinned {
        static {
            waitForStart();
        }

        private Pinned() {
        }
    }

    private static volatile Fence start = Fences.signalled();

    static void waitForStart() {
        try {
            assertThat(start.await()).isEqualTo(Outcome.OK);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Those who wait hold all carriers, and the firsts, who want one, are to wake them. */
    @Test
    void noCarrierIsLeftForTheFirsts() throws Exception {
        byte[] code;
        try (InputStream file = Pinned.class.getResourceAsStream("CrowdTest$Pinned.class")) {
            code = Objects.requireNonNull(file).readAllBytes();
        }
        FenceIssuer issuer = FenceIssuer.create("start");
        start = issuer.fence();
        List<Thread> threads = parked(MANY, () -> {
            waitForStart();
            all.countDown();
        });
        int carriers = Integer.getInteger("jdk.virtualThreadScheduler.parallelism",
                Runtime.getRuntime().availableProcessors());
        CountDownLatch pinned = new CountDownLatch(carriers);
        threads.addAll(parked(carriers, () -> {
            try {
                MethodHandles.lookup().defineHiddenClass(code, true);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
            pinned.countDown();
        }));
        assertThat(issuer.signal()).isTrue();
        assertThat(pinned.await(30, TimeUnit.SECONDS)).as("those who hold the carriers go on").isTrue();
        assertAllWoken();
    }

    @Test
    void oneFenceOfMany() throws Exception {
        FenceIssuer issuer = FenceIssuer.create("start");
        Fence fence = issuer.fence();
        start = fence;
        List<Integer> called = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i += 100) {
            int number = i;
            fence.onDone(() -> called.add(number));
            threads.addAll(parked(Math.min(100, MANY - i), () -> {
                waitForStart();
                all.countDown();
            }));
        }
        assertThat(threads).hasSize(MANY);
        assertThat(issuer.signal()).isTrue();
        assertThat(called).as("by the thread that signals, in their order").hasSize((MANY + 99) / 100).isSorted();
        assertAllWoken();
    }

    /** Threads that wait, one after the other. */
    private static List<Thread> parked(int count, Runnable body) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(body));
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        return threads;
    }

    private void assertAllWoken() throws InterruptedException {
        assertThat(all.await(30, TimeUnit.SECONDS)).as("all were woken").isTrue();
    }
}
