package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.OptionalLong;

import io.ringfence.fence.SyncFile.Leaf;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F65: fences under one name. */
@Timeout(180)
class SyncFileTest {
    private final ManualTimeline engine = new ManualTimeline("engine");
    private final SignalledFence f = new SignalledFence("f", null);
    private final SignalledFence g = new SignalledFence("g", null);

    @Test
    void aFileIsANameOnAFence() {
        SyncFile file = SyncFile.of("frame 7", f);
        assertThat(file.name()).isEqualTo("frame 7");
        assertThat(file.fence()).isSameAs(f);
        assertThat(file).asString().contains("frame 7").contains("f");
        assertThatThrownBy(() -> SyncFile.of(null, f)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SyncFile.of("file", null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    @DisplayName("F65: a file without a name of its own has that of its fence: queue, timeline and seqno")
    void defaultName() {
        PointFence job = engine.point(12);
        assertThat(SyncFile.of(job).name()).isEqualTo("engine#" + job.timeline().id() + ":12");
        assertThat(SyncFile.of(f).name()).isEqualTo("f");
        assertThat(SyncFile.of(Fences.allOf(f, g)).name()).contains("2 fences", "f", "g");
    }

    @Test
    @DisplayName("F65: info tells of each fence its name, outcome and moment, in the order of timelines")
    void info() {
        PointFence first = engine.point(1);
        PointFence second = engine.point(2);
        SyncFile file = SyncFile.of("all", Fences.allOf(f, second, first));
        assertThat(file.leaves()).containsExactly(leaf(first, Outcome.PENDING), leaf(second, Outcome.PENDING),
                leaf(f, Outcome.PENDING));

        engine.advance(1);
        f.settle(new Failure.Cancelled("bad"));
        assertThat(file.leaves()).extracting(Leaf::outcome).containsExactly(Outcome.OK, Outcome.PENDING,
                Outcome.FAILED);
        assertThat(file.leaves().getLast().signalTime()).isEqualTo(f.signalTime());
        assertThat(SyncFile.of(f).leaves()).hasSize(1);
    }

    private static Leaf leaf(Fence fence, Outcome outcome) {
        return new Leaf(fence, fence.toString(), outcome, OptionalLong.empty());
    }

    @Test
    void theOrderOfLeavesIsThatOfPointsWhateverTheOrderOfNaming() {
        Fence any = Fences.anyOf(engine.point(2), f, engine.point(1));
        assertThat(SyncFile.of(any).leaves()).extracting(Leaf::name).first().asString().endsWith(":1");
        assertThat(SyncFile.of(any).leaves()).extracting(Leaf::name).last().isEqualTo("f");
    }

    @Test
    @DisplayName("F65: the status is failed as soon as one fence has failed, else pending until all are done")
    void status() {
        SyncFile good = SyncFile.of("good", Fences.allOf(engine.point(1), f));
        SyncFile bad = SyncFile.of("bad", Fences.allOf(f, g));
        assertThat(good.status()).isEqualTo(Outcome.PENDING);
        engine.advance(1);
        assertThat(good.status()).isEqualTo(Outcome.PENDING);
        g.settle(new Failure.Cancelled("bad"));
        assertThat(bad.status()).isEqualTo(Outcome.FAILED);
        assertThat(bad.fence().outcome()).as("which waits for all").isEqualTo(Outcome.PENDING);
        f.settle(null);
        assertThat(good.status()).isEqualTo(Outcome.OK);
        assertThat(bad.status()).isEqualTo(Outcome.FAILED);
        assertThat(bad.fence().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(SyncFile.of(g).status()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void theStatusOfAFileOfTheFirstOfSeveralIsThatOfTheFirst() {
        SyncFile file = SyncFile.of("any", Fences.anyOf(f, g));
        assertThat(file.status()).isEqualTo(Outcome.PENDING);
        f.settle(null);
        g.settle(new Failure.Cancelled("bad"));
        assertThat(file.status()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("F65: merging makes a new file and leaves the others as they are")
    void merge() {
        SyncFile a = SyncFile.of("a", Fences.allOf(engine.point(1), f));
        SyncFile b = SyncFile.of("b", Fences.allOf(f, g));
        SyncFile merged = a.merge("a and b", b);
        assertThat(merged.name()).isEqualTo("a and b");
        assertThat(merged.leaves()).extracting(Leaf::name).hasSize(3).contains("f", "g");
        assertThat(a.leaves()).hasSize(2);
        assertThat(b.leaves()).hasSize(2);
        engine.advance(1);
        f.settle(null);
        assertThat(a.status()).isEqualTo(Outcome.OK);
        assertThat(merged.status()).isEqualTo(Outcome.PENDING);
        g.settle(new Failure.Cancelled("bad"));
        assertThat(merged.status()).isEqualTo(Outcome.FAILED);
        assertThat(merged.fence().failure())
                .isEqualTo(new Failure.DependencyFailed("g", new Failure.Cancelled("bad")));
        assertThat(a.status()).isEqualTo(Outcome.OK);
    }

    @Test
    void aMergeOfSignalledFilesIsSignalledWithTheLaterMoment() {
        long now = System.nanoTime();
        SyncFile merged = SyncFile.of(Fences.signalledAt(now)).merge("ab", SyncFile.of(Fences.signalledAt(now - 5)));
        assertThat(merged.status()).isEqualTo(Outcome.OK);
        assertThat(merged.fence().signalTime()).hasValue(now);
        assertThat(merged.leaves()).extracting(Leaf::outcome).containsExactly(Outcome.OK);
    }

    @Test
    @DisplayName("F65: whoever polls a file waits for its fence")
    void poll() throws Exception {
        SyncFile file = SyncFile.of("a", f).merge("ab", SyncFile.of("b", g));
        var outcomes = new ArrayList<Outcome>();
        Thread waiter = FenceTest.waiting(() -> outcomes.add(file.fence().await()));
        g.settle(null);
        assertThat(outcomes).isEmpty();
        f.settle(null);
        waiter.join();
        assertThat(outcomes).containsExactly(Outcome.OK);
    }
}
