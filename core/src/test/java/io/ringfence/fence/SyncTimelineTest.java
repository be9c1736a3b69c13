package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.ringfence.fence.SyncObject.At;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F57 to F59: sync objects with points. */
@Timeout(180)
class SyncTimelineTest {
    private final SyncObject object = SyncObject.create("timeline");
    private final SyncObject other = SyncObject.create("other");
    private final SignalledFence[] leaves = IntStream.range(0, 5)
            .mapToObj(i -> new SignalledFence("leaf " + i, null)).toArray(SignalledFence[]::new);

    @ParameterizedTest
    @ValueSource(longs = {5, 4, 1})
    @DisplayName("F57: a point that is not higher than the last is refused, and nothing is added")
    void pointsGoUpwards(long point) {
        Fence last = object.add(5, leaves[0]);
        assertThatThrownBy(() -> object.add(point, leaves[1])).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("point " + point).hasMessageContaining("timeline")
                .hasMessageContaining("higher than 5");
        assertThatThrownBy(() -> object.signal(point)).isInstanceOf(IllegalArgumentException.class);
        assertThat(object.lastSubmitted()).isEqualTo(5);
        assertThat(object.fence()).isSameAs(last);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    @DisplayName("F57: a point below 1 is refused where one is added, below 0 everywhere")
    void pointsBeginWithOne(long point) {
        assertThatThrownBy(() -> object.add(point, leaves[0])).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("point " + point).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> object.signal(point)).isInstanceOf(IllegalArgumentException.class);
        if (point < 0) {
            assertThatThrownBy(() -> object.find(point)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("0 or more");
            assertThatThrownBy(() -> object.fence(point)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> object.export(point)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new At(object, point)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(object.isEmpty()).isTrue();
    }

    @Test
    @Tag("slow")
    @DisplayName("F57: a single fence that the object held comes before its first point")
    void binaryComesFirst() {
        object.replace(leaves[0]);
        Fence point = object.add(3, leaves[1]);
        assertThat(object.fence(1)).isSameAs(point);
        leaves[1].settle(null);
        assertThat(point.isDone()).isFalse();
        assertThat(object.query()).isZero();
        leaves[0].settle(null);
        assertThat(point.outcome()).isEqualTo(Outcome.OK);
        assertThat(object.query()).isEqualTo(3);
    }

    @Test
    void aSingleFenceThatFailedFailsNoPoint() {
        object.replace(leaves[0]);
        leaves[0].settle(new Failure.Cancelled("bad"));
        Fence point = object.add(1, leaves[1]);
        leaves[1].settle(null);
        assertThat(point.outcome()).isEqualTo(Outcome.OK);
        assertThat(object.fence(1).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void replacingThrowsThePointsAway() {
        Fence point = object.add(3, leaves[0]);
        object.replace(leaves[1]);
        assertThat(object.lastSubmitted()).isZero();
        assertThat(object.find(3)).isNull();
        object.add(1, leaves[2]);
        leaves[0].settle(null);
        assertThat(point.isDone()).isTrue();
        assertThat(object.query()).isZero();
    }

    @Test
    void theHighestPointIsTheHighestNumber() {
        object.add(Long.MAX_VALUE, leaves[0]);
        assertThat(object.find(1)).isSameAs(object.fence(Long.MAX_VALUE));
        assertThatThrownBy(() -> object.add(Long.MAX_VALUE, leaves[1])).isInstanceOf(IllegalArgumentException.class);
        leaves[0].settle(null);
        assertThat(object.query()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @DisplayName("F58: query tells the last point that is done with all before it; leaves come in any order")
    void query() {
        long[] points = {10, 20, 21, 40, 50};
        for (int i = 0; i < points.length; i++) {
            object.add(points[i], leaves[i]);
            assertThat(object.lastSubmitted()).isEqualTo(points[i]);
            assertThat(object.query()).isZero();
        }
        leaves[1].settle(null);
        assertThat(object.query()).isZero();
        leaves[0].settle(null);
        assertThat(object.query()).isEqualTo(20);
        leaves[4].settle(null);
        assertThat(object.query()).isEqualTo(20);
        leaves[2].settle(new Failure.Cancelled("failed is done too"));
        assertThat(object.query()).isEqualTo(21);
        leaves[3].settle(null);
        assertThat(object.query()).isEqualTo(50);
        assertThat(object.lastSubmitted()).isEqualTo(50);
    }

    @Test
    void aPointWhoseLeafIsDoneIsDoneWhenItIsAdded() {
        leaves[0].settle(null);
        assertThat(object.add(1, leaves[0]).outcome()).isEqualTo(Outcome.OK);
        assertThat(object.add(2, Fences.failed("bad", new Failure.Cancelled("bad"))).outcome())
                .isEqualTo(Outcome.FAILED);
        assertThat(object.query()).isEqualTo(2);
    }

    @Test
    void onePointForManyFencesOfAQueueFollowsTheQueue() {
        var queue = new ManualTimeline("queue");
        IntStream.rangeClosed(1, 8).forEach(i -> object.add(i, queue.point(2L * i)));
        for (int done = 0; done <= 16; done++) {
            queue.advance(done);
            assertThat(object.query()).isEqualTo(done / 2);
        }
    }

    @Test
    @DisplayName("F59: a signalled point is done when those before it are")
    void signalPoint() {
        object.add(1, leaves[0]);
        object.signal(7);
        assertThat(object.query()).isZero();
        assertThat(object.fence(7).isDone()).isFalse();
        leaves[0].settle(null);
        assertThat(object.query()).isEqualTo(7);
    }

    @Test
    @DisplayName("F59: several points are signalled at once, 0 meaning everything")
    void signalMany() {
        object.add(1, leaves[0]);
        leaves[0].settle(null);
        SyncObject binary = SyncObject.create("binary");
        binary.replace(leaves[1]);
        SyncObject.signal(List.of(new At(object, 4), new At(other, 2), new At(binary, 0), new At(object, 6)));
        assertThat(object.query()).isEqualTo(6);
        assertThat(other.query()).isEqualTo(2);
        assertThat(binary.fence().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("F59: if one of several points is refused, none is signalled")
    void signalAllOrNothing() {
        object.add(5, leaves[0]);
        SyncObject binary = SyncObject.create("binary");
        assertThatThrownBy(
                () -> SyncObject.signal(List.of(new At(other, 2), new At(binary, 0), new At(object, 5))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("point 5")
                .hasMessageContaining("timeline").hasMessageContaining("higher than 5");
        assertThat(other.isEmpty()).isTrue();
        assertThat(binary.isEmpty()).isTrue();
        assertThat(object.lastSubmitted()).isEqualTo(5);
        assertThatThrownBy(() -> SyncObject.signal(List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 or more");
    }

    @Test
    @Tag("slow")
    @DisplayName("F57: of many threads that add points, each adds its own or is refused, and none is lost")
    void concurrentAdds() throws Exception {
        int each = 5_000;
        // Nothing is done before this is, so every point can be found afterwards.
        object.replace(leaves[0]);
        var accepted = new ArrayList<List<Long>>();
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int mine = i;
            List<Long> added = new ArrayList<>();
            accepted.add(added);
            threads.add(TestThreads.start("adder " + i, () -> {
                for (int n = 1; n <= each; n++) {
                    long point = 4L * n + mine;
                    try {
                        object.add(point, Fences.signalled());
                        added.add(point);
                    } catch (IllegalArgumentException overtaken) {
                        assertThat(object.lastSubmitted()).isGreaterThanOrEqualTo(point);
                    }
                }
            }));
        }
        TestThreads.join(threads);

        List<Long> all = accepted.stream().flatMap(List::stream).sorted().toList();
        assertThat(all).doesNotHaveDuplicates().isNotEmpty();
        assertThat(object.lastSubmitted()).isEqualTo(all.getLast());
        assertThat(all).allSatisfy(point -> assertThat(object.fence(point).order()).isEqualTo(point));
        assertThat(object.query()).isZero();
        leaves[0].settle(null);
        assertThat(object.query()).isEqualTo(all.getLast());
    }

    @Test
    @Tag("slow")
    @DisplayName("F57: of many threads that begin a timeline, none loses its point")
    void concurrentFirstAdds() throws Exception {
        for (int round = 0; round < 500; round++) {
            SyncObject fresh = SyncObject.create("fresh");
            SignalledFence before = new SignalledFence("before", null);
            fresh.replace(before);
            List<Fence> added = Collections.synchronizedList(new ArrayList<>());
            FutureTask<Void> adder = TestThreads.start("adder", () -> added.add(fresh.add(2, Fences.signalled())));
            try {
                added.add(fresh.add(1, Fences.signalled()));
            } catch (IllegalArgumentException overtaken) {
                assertThat(overtaken).hasMessageContaining("higher than 2");
            }
            adder.get();
            assertThat(fresh.lastSubmitted()).isEqualTo(2);
            assertThat(fresh.query()).isZero();
            before.settle(null);
            assertThat(fresh.query()).isEqualTo(2);
            assertThat(added).allSatisfy(point -> assertThat(point.outcome()).isEqualTo(Outcome.OK));
        }
    }

    @Test
    @Tag("slow")
    void pointsAddedBesideTheirSignallersAreAllDone() throws Exception {
        int count = 20_000;
        SignalledFence[] many = new SignalledFence[count];
        LongStream.range(0, count).forEach(i -> many[(int) i] = new SignalledFence("leaf", null));
        List<FutureTask<Void>> threads = new ArrayList<>();
        threads.add(TestThreads.start("evens", () -> settle(many, 0)));
        threads.add(TestThreads.start("odds", () -> settle(many, 1)));
        var ok = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            Fence point = object.add(i + 1L, many[i]);
            point.onDone(() -> {
                if (point.outcome() == Outcome.OK) {
                    ok.incrementAndGet();
                }
            });
        }
        TestThreads.join(threads);
        assertThat(ok).hasValue(count);
        assertThat(object.query()).isEqualTo(count);
    }

    private static void settle(SignalledFence[] many, int from) {
        for (int i = from; i < many.length; i += 2) {
            many[i].settle(null);
        }
    }
}
