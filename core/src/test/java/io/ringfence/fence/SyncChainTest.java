package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a chain of points owes those who ask it while it is being signalled. */
@Timeout(60)
class SyncChainTest {
    private final SyncObject object = SyncObject.create("object");
    private final SignalledFence leaf = new SignalledFence("leaf", null);
    private final SignalledFence other = new SignalledFence("other", null);
    private final List<String> called = new ArrayList<>();

    /** Has something done after the leaf is done and before the chain is told. */
    private void betweenLeafAndChain(Runnable asked) {
        leaf.onDone(asked);
        Fence point = object.add(1, leaf);
        point.onDone(() -> called.add("point"));
        leaf.settle(null);
        assertThat(called).as("those who wait for the point").containsExactly("point");
    }

    @Test
    void whoAsksAPointFiresItsWaiters() {
        betweenLeafAndChain(() -> assertThat(object.fence(1).isDone()).isTrue());
    }

    @Test
    void whoAsksTheObjectFiresTheWaitersOfItsPoints() {
        betweenLeafAndChain(() -> assertThat(object.query()).isEqualTo(1));
    }

    @Test
    void whoAddsAPointFiresTheWaitersOfEarlierOnes() {
        betweenLeafAndChain(() -> object.add(2, other));
    }

    @Test
    void aWaitForAPointIsForTheFirstThatIsNotLower() {
        SyncChain chain = new SyncChain("chain", null);
        SyncPoint first = chain.append(2, leaf);
        SyncPoint second = chain.append(4, other);
        assertThat(chain.findSubmitted(1, second)).isSameAs(first);
        assertThat(chain.findSubmitted(2, second)).isSameAs(first);
        assertThat(chain.findSubmitted(3, second)).isSameAs(second);
        assertThat(chain.findSubmitted(4, second)).isSameAs(second);
        assertThat(chain.findSubmitted(0, second)).as("everything so far").isSameAs(second);
    }

    @Test
    void aPointIsPolledByWayOfTheFirstThatIsPending() {
        List<String> told = new ArrayList<>();
        SyncChain chain = new SyncChain("chain", null);
        chain.append(1, PolledPoint.named("a", told));
        chain.append(2, PolledPoint.named("b", told)).poll();
        assertThat(told).containsExactly("a");
    }

    @Test
    void allOfTwoPointsNamedBackwardsIsDoneWithTheLaterOne() {
        Fence first = object.add(1, leaf);
        Fence second = object.add(2, other);
        Fence both = Fences.allOf(second, first);
        leaf.settle(null);
        assertThat(both.isDone()).isFalse();
        other.settle(null);
        assertThat(both.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aPointTellsWhenItWasSignalled() {
        Fence point = object.add(1, leaf);
        assertThat(point.signalTime()).isEmpty();
        leaf.settle(null);
        assertThat(point.isDone()).isTrue();
        assertThat(point.signalTime()).isPresent();
    }
}
