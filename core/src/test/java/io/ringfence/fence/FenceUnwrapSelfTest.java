package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel's self-tests of {@code dma_fence_unwrap}; its contexts are timelines here. */
@Timeout(180)
class FenceUnwrapSelfTest {
    private final ManualTimeline ctx0 = new ManualTimeline("ctx0");
    private final ManualTimeline ctx1 = new ManualTimeline("ctx1");
    private final Fence f1 = ctx0.point(1);
    private final Fence f2 = ctx1.point(1);

    private static List<Fence> waits(Fence group) {
        return List.of(((AllFence) group).waits());
    }

    @Test
    @DisplayName("unwrap: sanitycheck")
    void aFenceAloneIsItsOnlyLeaf() {
        assertThat(f1.leaves()).containsExactly(f1);
        assertThat(Fences.allOf(f1)).isSameAs(f1);
    }

    @Test
    @DisplayName("unwrap: unwrap_array")
    void anArrayHasExactlyItsFences() {
        Fence array = Fences.allOf(f2, f1);
        assertThat(array.leaves()).containsExactly(f1, f2);
        assertThat(waits(array)).containsExactly(f1, f2);
        ctx0.advance(1);
        assertThat(array.isDone()).isFalse();
        ctx1.advance(1);
        assertThat(array.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("unwrap: unwrap_chain")
    void theTailOfAChainStandsForBothItsLinks() {
        SyncObject object = SyncObject.create("chain");
        Fence head = object.add(1, f1);
        Fence tail = object.add(2, f2);
        assertThat(waits(Fences.allOf(head, tail, f2))).containsExactly(f2, tail);
        ctx1.advance(1);
        assertThat(tail.isDone()).isFalse();
        ctx0.advance(1);
        assertThat(tail.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("unwrap: unwrap_chain_array, walked by a deadline hint")
    void aChainOfAnArrayReachesExactlyTheFencesOfTheArray() {
        var told = new ArrayList<String>();
        try (FenceIssuer first = told("first", told); FenceIssuer second = told("second", told)) {
            Fence point = SyncObject.create("chain").add(1, Fences.allOf(first.fence(), second.fence()));
            point.hintDeadline(System.nanoTime());
            assertThat(told).containsExactlyInAnyOrder("first", "second");
            first.signal();
            assertThat(point.isDone()).isFalse();
            second.signal();
            assertThat(point.outcome()).isEqualTo(Outcome.OK);
        }
    }

    private static FenceIssuer told(String name, List<String> told) {
        return FenceIssuer.create(name, new FenceProducer() {
            @Override
            public void enableSignalling() {
                // This test never waits.
            }

            @Override
            public void hintDeadline(long nanoTime) {
                told.add(name);
            }
        });
    }

    @Test
    @DisplayName("unwrap: unwrap_merge")
    void mergedFilesHaveTheFencesOfBoth() {
        SyncFile merged = SyncFile.of("a", f1).merge("ab", SyncFile.of("b", f2));
        assertThat(merged.leaves()).extracting(SyncFile.Leaf::fence).containsExactly(f1, f2);
    }

    @Test
    @DisplayName("unwrap: unwrap_merge_duplicate")
    void aFenceMergedWithItselfIsItself() {
        assertThat(Fences.allOf(f1, f1)).isSameAs(f1);
        assertThat(SyncFile.of("a", f1).merge("aa", SyncFile.of("b", f1)).fence()).isSameAs(f1);
    }

    @Test
    @DisplayName("unwrap: unwrap_merge_seqno")
    void onlyTheLastPointOfATimelineIsWaitedForButEachOutcomeCounts() {
        PointFence older = ctx1.point(1);
        Fence newer = ctx1.point(2);
        Fence merged = Fences.allOf(older, newer, f1);
        assertThat(waits(merged)).containsExactly(f1, newer);
        assertThat(merged.leaves()).containsExactly(f1, older, newer);

        older.failed(new Failure.Cancelled("older"));
        ctx0.advance(1);
        ctx1.advance(1);
        assertThat(merged.outcome()).isEqualTo(Outcome.PENDING);
        ctx1.advance(2);
        assertThat(merged.failure())
                .isEqualTo(new Failure.DependencyFailed(older.toString(), new Failure.Cancelled("older")));
    }

    @Test
    @DisplayName("unwrap: unwrap_merge_seqno, with somebody waiting")
    void aWaiterIsToldOfTheFailureOfAPointThatIsNotWaitedFor() {
        PointFence older = ctx1.point(1);
        Fence merged = Fences.allOf(ctx1.point(2), older, f1);
        var failures = new ArrayList<Failure>();
        merged.onDone(() -> failures.add(merged.failure()));
        older.failed(new Failure.Cancelled("older"));
        ctx1.advance(2);
        assertThat(failures).isEmpty();
        ctx0.advance(1);
        assertThat(failures).extracting(Failure::root).containsExactly(new Failure.Cancelled("older"));
    }

    @Test
    @DisplayName("unwrap: unwrap_merge_order")
    void mergedFencesComeOnceAndInTheOrderOfTimelines() {
        Fence merged = Fences.allOf(Fences.allOf(f1, f2), Fences.allOf(f2, f1));
        assertThat(merged.leaves()).containsExactly(f1, f2);
        assertThat(waits(merged)).containsExactly(f1, f2);
    }

    @Test
    @DisplayName("unwrap: unwrap_merge_complex")
    void aMergeOfMergesIsFlatAndLeavesSignalledFencesOut() {
        Fence merged = Fences.allOf(Fences.allOf(f1, f2), Fences.allOf(f2, f1), Fences.signalled());
        assertThat(merged.leaves()).containsExactly(f1, f2);
    }

    @Test
    @DisplayName("unwrap: unwrap_merge_complex_seqno")
    void ofSeveralArraysTheLastPointOfEachTimelineIsWaitedFor() {
        Fence late0 = ctx0.point(2);
        Fence late1 = ctx1.point(2);
        Fence merged = Fences.allOf(Fences.allOf(late0, f2), Fences.allOf(f1, late1));
        assertThat(waits(merged)).containsExactly(late0, late1);
        assertThat(merged.leaves()).containsExactly(f1, late0, f2, late1);
    }

    @Test
    @DisplayName("unwrap: dedup_empty")
    void aMergeOfNothingIsSignalled() {
        assertThat(Fences.allOf()).isSameAs(Fences.signalled());
        assertThat(Fences.allOf(List.of())).isSameAs(Fences.signalled());
        assertThat(Fences.allOf(Fences.allOf(), Fences.allOf()).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("F43: a merge of signalled fences has the time of the latest")
    void mergeOfSignalledFences() {
        long now = System.nanoTime();
        Fence merged = Fences.allOf(Fences.signalledAt(now - 1), Fences.signalledAt(now), Fences.signalledAt(now - 2));
        assertThat(merged.isDone()).isTrue();
        assertThat(merged.signalTime()).hasValue(now);
    }

    @Test
    void whatWasMergedStaysAsItIs() {
        Fence before = Fences.allOf(f1, f2);
        Fence merged = Fences.allOf(before, ctx0.point(2));
        ctx0.advance(1);
        ctx1.advance(1);
        assertThat(before.outcome()).isEqualTo(Outcome.OK);
        assertThat(merged.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(before.leaves()).containsExactly(f1, f2);
    }

    @Test
    void aFailedFenceIsNotLeftOutOfAMerge() {
        Fence bad = Fences.failed("bad", new Failure.Cancelled("bad"));
        Fence merged = Fences.allOf(Fences.signalled(), bad, f1);
        assertThat(merged.leaves()).containsExactlyInAnyOrder(bad, f1);
        assertThat(waits(merged)).containsExactly(f1);
        assertThat(merged.outcome()).isEqualTo(Outcome.PENDING);
        ctx0.advance(1);
        assertThat(merged.failure()).isEqualTo(new Failure.DependencyFailed("bad", new Failure.Cancelled("bad")));
        assertThat(Fences.allOf(bad, Fences.signalled())).isSameAs(bad);
    }

    @Test
    void anAnyOfIsOneLeafOfAMerge() {
        Fence any = Fences.anyOf(f1, Fences.anyOf(f1, f2));
        assertThat(any.leaves()).containsExactly(f1, f2);
        Fence merged = Fences.allOf(any, ctx0.point(2));
        assertThat(merged.leaves()).containsExactly(ctx0Leaf(merged), any);
        ctx0.advance(2);
        assertThat(merged.outcome()).isEqualTo(Outcome.OK);
        assertThatThrownBy(Fences::anyOf).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 fence");
    }

    private static Fence ctx0Leaf(Fence merged) {
        return merged.leaves().getFirst();
    }
}
