package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F53, F54, F55, F60, F62: sync objects that hold one fence, and moving fences between objects. */
@Timeout(180)
class SyncObjectTest {
    private final SyncObject object = SyncObject.create("frame");
    private final SyncObject other = SyncObject.create("other");
    private final SignalledFence f = new SignalledFence("f", null);
    private final SignalledFence g = new SignalledFence("g", null);

    // ---- one fence

    @Test
    @DisplayName("F54: a fresh object is empty, and its fence is refused")
    void empty() {
        assertThat(object.isEmpty()).isTrue();
        assertThat(object.name()).isEqualTo("frame");
        assertThat(object).hasToString("sync object frame");
        assertThat(object.query()).isZero();
        assertThat(object.lastSubmitted()).isZero();
        assertThat(object.find(0)).isNull();
        assertThat(object.find(1)).isNull();
        assertThatThrownBy(object::fence).isInstanceOf(NotSubmittedException.class).hasMessageContaining("frame")
                .hasMessageContaining("empty");
    }

    @Test
    @DisplayName("F54: an object may be made with a signalled fence, whose moment is that of making")
    void createSignaled() {
        long before = System.nanoTime();
        Fence made = SyncObject.createSignaled("done").fence();
        assertThat(made.outcome()).isEqualTo(Outcome.OK);
        assertThat(made.signalTime().orElseThrow() - before).isNotNegative();
        assertThat(System.nanoTime() - made.signalTime().orElseThrow()).isNotNegative();
        assertThat(made).as("a fence of its own").isNotSameAs(SyncObject.createSignaled("done").fence());
    }

    @Test
    @DisplayName("F62: a fence takes the place of the former one, and who found that keeps it")
    void replace() {
        object.replace(f);
        assertThat(object.isEmpty()).isFalse();
        Fence found = object.fence();
        assertThat(found).isSameAs(f);

        object.replace(g);
        assertThat(object.fence()).isSameAs(g);
        assertThat(found.outcome()).isEqualTo(Outcome.PENDING);
        g.settle(null);
        assertThat(object.fence().isDone()).isTrue();
        assertThat(found.isDone()).isFalse();
    }

    @Test
    void aFailedFenceIsFoundFailed() {
        object.replace(f);
        f.settle(new Failure.Cancelled("bad"));
        assertThat(object.fence().failure()).isEqualTo(new Failure.Cancelled("bad"));
    }

    @Test
    @DisplayName("F54: signal puts a signalled fence in place of a pending one")
    void signal() {
        object.replace(f);
        Fence found = object.fence();
        object.signal();
        assertThat(object.fence().outcome()).isEqualTo(Outcome.OK);
        assertThat(found.isDone()).as("found before").isFalse();
        assertThat(object.query()).isZero();
    }

    @Test
    @DisplayName("F54: reset empties an object, and who found a fence keeps it")
    void reset() {
        object.replace(f);
        Fence found = object.fence();
        object.reset();
        assertThat(object.isEmpty()).isTrue();
        assertThat(object.find(0)).isNull();
        assertThatThrownBy(object::fence).isInstanceOf(NotSubmittedException.class);
        f.settle(null);
        assertThat(found.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aPointFoundBeforeAResetIsDoneWhenItsChainIs() {
        object.add(1, f);
        object.add(2, g);
        Fence found = object.fence(2);
        object.reset();
        assertThat(object.lastSubmitted()).isZero();
        Fence fresh = object.add(1, new SignalledFence("later", null));
        g.settle(null);
        assertThat(found.isDone()).isFalse();
        f.settle(null);
        assertThat(found.outcome()).isEqualTo(Outcome.OK);
        assertThat(fresh.isDone()).isFalse();
        assertThat(object.query()).isZero();
    }

    @Test
    @DisplayName("F55: an object with one fence has no points")
    void noPoints() {
        object.replace(f);
        assertThat(object.find(1)).isNull();
        assertThatThrownBy(() -> object.fence(3)).isInstanceOf(NotSubmittedException.class)
                .hasMessageContaining("point 3").hasMessageContaining("the last is 0");
    }

    @Test
    void nullsAreRefusedAndChangeNothing() {
        object.replace(f);
        assertThatThrownBy(() -> object.replace(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> object.add(1, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SyncObject.create(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> SyncObject.createSignaled(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new SyncObject.At(null, 1)).isInstanceOf(NullPointerException.class);
        assertThat(object.fence()).isSameAs(f);
    }

    // ---- transfer

    @Test
    @DisplayName("F60: from one fence to one fence")
    void transferBinary() {
        other.replace(f);
        object.replace(g);
        object.transfer(0, other, 0);
        assertThat(object.fence()).isSameAs(f);
        assertThat(other.fence()).isSameAs(f);
    }

    @Test
    @DisplayName("F60: from a point to one fence")
    void transferPointToBinary() {
        Fence point = other.add(4, f);
        other.add(5, g);
        object.transfer(0, other, 3);
        assertThat(object.fence()).isSameAs(point);
        other.reset();
        f.settle(null);
        assertThat(object.fence().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("F60: from one fence to a point")
    void transferBinaryToPoint() {
        other.replace(f);
        object.add(1, g);
        object.transfer(7, other, 0);
        assertThat(object.lastSubmitted()).isEqualTo(7);
        f.settle(null);
        assertThat(object.query()).isZero();
        g.settle(null);
        assertThat(object.query()).isEqualTo(7);
    }

    @Test
    @DisplayName("F60: from a point to a point of another object, which waits for both chains")
    void transferPointToPoint() {
        SignalledFence before = new SignalledFence("before", null);
        other.add(1, f);
        other.add(2, g);
        object.add(1, before);
        object.transfer(2, other, 2);
        Fence point = object.fence(2);
        g.settle(null);
        before.settle(null);
        assertThat(point.isDone()).isFalse();
        assertThat(object.query()).isEqualTo(1);
        f.settle(new Failure.Cancelled("of another leaf"));
        assertThat(point.outcome()).isEqualTo(Outcome.OK);
        assertThat(object.query()).isEqualTo(2);
    }

    @Test
    @DisplayName("F60: from itself: its last point becomes a later one, or all there is")
    void transferFromItself() {
        object.add(1, f);
        Fence first = object.fence(1);
        object.transfer(5, object, 1);
        object.transfer(6, object, 0);
        assertThat(object.lastSubmitted()).isEqualTo(6);
        Fence last = object.fence(6);
        assertThat(last.isDone()).isFalse();
        f.settle(new Failure.Cancelled("bad"));
        assertThat(object.query()).isEqualTo(6);
        assertThat(last.failure()).isEqualTo(new Failure.Cancelled("bad"));

        object.transfer(0, object, 0);
        assertThat(object.query()).isZero();
        assertThat(object.fence()).isSameAs(last);
        assertThat(first.isDone()).isTrue();
    }

    @Test
    @DisplayName("F60: back and forth: a chain of each in the other")
    void transferBackAndForth() {
        object.add(1, f);
        for (long point = 1; point <= 1_000; point++) {
            other.transfer(point, object, 0);
            object.transfer(point + 1, other, 0);
        }
        Fence last = object.fence();
        assertThat(last.isDone()).isFalse();
        f.settle(null);
        assertThat(last.outcome()).isEqualTo(Outcome.OK);
        assertThat(other.query()).isEqualTo(1_000);
    }

    @Test
    @DisplayName("F60: what was not submitted is refused, and nothing is changed")
    void transferOfNothing() {
        object.add(1, f);
        assertThatThrownBy(() -> object.transfer(2, other, 0)).isInstanceOf(NotSubmittedException.class)
                .hasMessageContaining("other");
        other.add(2, g);
        assertThatThrownBy(() -> object.transfer(2, other, 3)).isInstanceOf(NotSubmittedException.class)
                .hasMessageContaining("point 3");
        assertThatThrownBy(() -> object.transfer(0, other, 3)).isInstanceOf(NotSubmittedException.class);
        assertThatThrownBy(() -> object.transfer(1, other, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> object.transfer(-1, other, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> object.transfer(2, other, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(object.lastSubmitted()).isEqualTo(1);
        assertThat(other.lastSubmitted()).isEqualTo(2);
    }

    // ---- snapshots

    @Test
    @DisplayName("F54: an exported snapshot stays as it is, whatever becomes of its object")
    void export() {
        object.replace(f);
        SyncFile file = object.export(0);
        assertThat(file.name()).isEqualTo("frame");
        assertThat(file.fence()).isSameAs(f);
        object.replace(g);
        object.reset();
        assertThat(file.fence()).isSameAs(f);
        assertThatThrownBy(() -> object.export(0)).isInstanceOf(NotSubmittedException.class);
    }

    @Test
    @DisplayName("F54: a point is exported and restored as a point or as everything")
    void exportPoint() {
        Fence point = object.add(3, f);
        object.add(4, g);
        SyncFile file = object.export(3);
        assertThat(file.name()).isEqualTo("frame:3");
        assertThat(file.fence()).isSameAs(point);
        assertThatThrownBy(() -> object.export(5)).isInstanceOf(NotSubmittedException.class);

        other.restore(0, file);
        assertThat(other.fence()).isSameAs(point);
        other.restore(10, file);
        assertThat(other.lastSubmitted()).isEqualTo(10);
        f.settle(null);
        assertThat(other.query()).isEqualTo(10);
        assertThatThrownBy(() -> other.restore(10, file)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> other.restore(-1, file)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMergedSnapshotMayBecomeAPoint() {
        SyncFile merged = SyncFile.of(f).merge("both", SyncFile.of(g));
        object.restore(1, merged);
        assertThat(merged.fence().leaves()).containsExactly(f, g);
        g.settle(new Failure.Cancelled("bad"));
        assertThat(object.query()).isZero();
        f.settle(null);
        assertThat(object.query()).isEqualTo(1);
        assertThat(object.fence(1).failure().root()).isEqualTo(new Failure.Cancelled("bad"));
    }
}
