package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F50: waiting for what a reservation holds, and reading it beside a writer. */
@Timeout(180)
class ReservationReadersTest extends ReservationTestBase {
    // ---- waiting

    @Test
    @DisplayName("F50: one fence for none, one and many")
    void oneFence() {
        assertThat(memory.fence(Usage.BOOKKEEP)).isSameAs(Fences.signalled());
        add(f, Usage.READ);
        assertThat(memory.fence(Usage.BOOKKEEP)).isSameAs(f);
        add(timeline.point(1), Usage.WRITE);
        Fence both = memory.fence(Usage.BOOKKEEP);
        assertThat(both.leaves()).containsExactlyInAnyOrderElementsOf(all());
        issuer.signal();
        assertThat(both.isDone()).isFalse();
        timeline.advance(1);
        assertThat(both.outcome()).isEqualTo(Outcome.OK);
        assertThat(memory.fence(Usage.BOOKKEEP)).isSameAs(Fences.signalled());
    }

    @Test
    void awaitWaitsForWhatItAsksForOnly() throws Exception {
        add(f, Usage.READ);
        add(timeline.point(1), Usage.WRITE);
        assertThat(memory.await(Usage.READ, Duration.ZERO)).isFalse();
        assertThat(memory.await(Usage.KERNEL, Duration.ZERO)).isTrue();
        List<String> over = Collections.synchronizedList(new ArrayList<>());
        Thread writer = FenceTest.waiting(() -> over.add("writer " + memory.await(Usage.READ, Duration.ofDays(1))));
        Thread reader = FenceTest.waiting(() -> over.add("reader " + memory.await(Usage.WRITE, Duration.ofDays(1))));
        timeline.advance(1);
        reader.join();
        assertThat(memory.isDone(Usage.WRITE)).isTrue();
        assertThat(over).containsExactly("reader true");
        issuer.signal();
        writer.join();
        assertThat(over).containsExactly("reader true", "writer true");
        assertThat(memory.await(Usage.READ, Duration.ZERO)).isTrue();
    }

    @Test
    void aWaitThatIsOverLeavesNobodyRegistered() throws Exception {
        add(timeline.point(1), Usage.READ);
        add(f, Usage.READ);
        assertThat(memory.await(Usage.READ, Duration.ofNanos(1))).isFalse();
        assertThat(timeline.anyWaiters()).isFalse();
    }

    @Test
    @DisplayName("F50: a deadline hint reaches the producers of what it names")
    void hintDeadline() {
        var told = new ArrayList<Long>();
        FenceIssuer hurried = FenceIssuer.create("hurried", new FenceProducer() {
            @Override
            public void enableSignalling() {
                // This test never waits.
            }

            @Override
            public void hintDeadline(long nanoTime) {
                told.add(nanoTime);
            }
        });
        add(hurried.fence(), Usage.READ);
        long soon = System.nanoTime();
        memory.hintDeadline(Usage.WRITE, soon);
        assertThat(told).isEmpty();
        memory.hintDeadline(Usage.READ, soon);
        assertThat(told).containsExactly(soon);
        hurried.signal();
    }

    // ---- readers beside a writer

    @Test
    @Tag("slow")
    @DisplayName("F50: who reads beside one who replaces sees all of a replacement or nothing of it")
    void readersBesideReplacements() throws Exception {
        int entries = 16;
        locks.reserve(memory, 1);
        locks.add(memory, timeline.point(1), Usage.READ);
        try (var reader = new Reader(() -> {
            List<Fence> seen = all();
            assertThat(seen).hasSizeBetween(1, entries);
            assertThat(seen.stream().mapToLong(Fence::order).distinct().toArray()).hasSize(1);
        })) {
            for (int point = 1; reader.looks() < 20_000; point++) {
                locks.reserve(memory, entries - 1);
                for (int i = 1; i < entries; i++) {
                    locks.add(memory, timeline.point(point), Usage.READ);
                }
                assertThat(locks.replace(memory, timeline.point(1), timeline.point(point + 1), Usage.READ))
                        .isEqualTo(entries);
            }
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("F50: who reads beside one who adds sees the first entries, and never less than before")
    void readersBesideAdditions() throws Exception {
        List<Fence> fences = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            fences.add(new SignalledFence("fence " + i, null));
        }
        var most = new int[1];
        try (var reader = new Reader(() -> {
            List<Fence> seen = all();
            assertThat(seen).isEqualTo(fences.subList(0, seen.size()));
            assertThat(seen.size()).isGreaterThanOrEqualTo(most[0]);
            most[0] = seen.size();
        })) {
            for (int i = 0; i < fences.size(); i++) {
                if (i % 3 == 0) {
                    locks.reserve(memory, 3);
                }
                locks.add(memory, fences.get(i), Usage.WRITE);
                // Else all might be added before the other thread has begun.
                long before = reader.looks();
                while (i % 10 == 0 && reader.looks() == before) {
                    TestThreads.spin();
                }
            }
        }
        assertThat(all()).isEqualTo(fences);
    }

    /** A thread that looks again and again until it is closed, and once more then. */
    private static final class Reader implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicLong looks = new AtomicLong();
        private final FutureTask<Void> task;

        Reader(Runnable look) {
            task = TestThreads.start("reader", () -> {
                boolean last;
                do {
                    last = over.get();
                    look.run();
                    looks.incrementAndGet();
                } while (!last);
            });
        }

        /** How often it has looked; without end once it has failed. */
        long looks() {
            return task.isDone() ? Long.MAX_VALUE - looks.getAndIncrement() : looks.get();
        }

        @Override
        public void close() throws ExecutionException {
            over.set(true);
            try {
                task.get();
            } catch (InterruptedException e) {
                throw new AssertionError("the time is over", e);
            }
        }
    }
}
