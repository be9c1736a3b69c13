package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.queue.Committed;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entities are used on stacks that overflow, at every depth. */
@Timeout(180)
class SchedulerStormTest {

    private static final int ROUNDS = 30;
    private static final int THREADS = 4;

    /** What is done at every depth. */
    enum Call {
        TRY_SUBMIT, SIGNAL, GANG, MOVE
    }

    /** Completes a job before run returns. */
    private static final class AtOnce implements Driver<String> {
        private volatile long done;

        @Override
        public void open(DriverLink link) {
            // It has nothing to tell.
        }

        @Override
        public int maxInFlight() {
            return 64;
        }

        @Override
        public void run(long seqno, String job) {
            done = seqno;
        }

        @Override
        public void poll(Completions completions) {
            completions.completedThrough(done);
        }

        @Override
        public void arm(long seqno) {
            // Everything is complete when it is asked for.
        }

        @Override
        public void close() {
            // There is nothing to give back.
        }
    }

    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private final GangSwitch device = GangSwitch.create("device");
    private final Scheduler<String> left = scheduler("first");
    private final Scheduler<String> right = scheduler("second");
    private final Entity<String> first = open(left, "first");
    private final Entity<String> second = open(right, "second");
    private final Entity<String> mover = open(left, "mover");
    private final Queue<Fence> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<FenceIssuer> issuers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger overflows = new AtomicInteger();

    private Scheduler<String> scheduler(String name) {
        return Scheduler.open(runtime, new AtOnce(), SchedulerOptions.named(name));
    }

    private static Entity<String> open(Scheduler<String> scheduler, String name) {
        return scheduler.openEntity(EntityOptions.named(name).withCapacity(1 << 16));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("H7: whatever is accepted on a stack that overflows is handed over and finished, and the scheduler goes on")
    void storm(Call call) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Thread thread = new Thread(null, () -> recursing(call), "recursing", (96 + 8 * i) * 1024L);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(overflows).hasValue(ROUNDS * THREADS);
        // Those who had no room for that any more.
        issuers.forEach(FenceIssuer::signal);
        accepted.add(first.submit("after the storm"));
        accepted.add(second.submit("after the storm"));
        accepted.add(mover.submit("after the storm"));
        assertThat(Fences.awaitAll(accepted, Duration.ofSeconds(30))).isTrue();
        assertThat(accepted).allMatch(fence -> fence.outcome() == Outcome.OK);
        List.of(first, second, mover).forEach(Entity::close);
        assertThat(left.startClose().await(Duration.ofSeconds(30))).isEqualTo(Outcome.OK);
        assertThat(right.startClose().await(Duration.ofSeconds(30))).isEqualTo(Outcome.OK);
        runtime.close();
    }

    private void recursing(Call call) {
        try {
            recurse(call);
        } catch (StackOverflowError e) {
            overflows.incrementAndGet();
        }
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack overflows
    private int recurse(Call call) {
        return once(call) + recurse(call);
    }

    private int once(Call call) {
        return switch (call) {
            case TRY_SUBMIT -> accept(first.trySubmitFence("job"));
            case SIGNAL -> {
                FenceIssuer issuer = FenceIssuer.create("input");
                issuers.add(issuer);
                int jobs = accept(first.trySubmitFence("job", issuer.fence()));
                yield issuer.signal() ? jobs : 0;
            }
            case GANG -> {
                Gang gang = Gang.create(device);
                var _ = gang.add(first, "member");
                var _ = gang.add(second, "leader");
                Committed done = gang.tryCommit();
                yield done == null ? 0 : accept(done.fences().getFirst()) + accept(done.fences().getLast());
            }
            case MOVE -> {
                mover.setCandidates(List.of(left));
                int jobs = accept(mover.trySubmitFence("job"));
                mover.setCandidates(List.of(right));
                yield jobs;
            }
        };
    }

    private int accept(@Nullable Fence fence) {
        if (fence == null) {
            return 0;
        }
        accepted.add(fence);
        return 1;
    }
}
