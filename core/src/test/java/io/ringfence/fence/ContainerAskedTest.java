package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What containers say and pass on when nobody waits for them. */
@Timeout(60)
class ContainerAskedTest {
    private final FenceIssuer early = FenceIssuer.createTimed("early");
    private final FenceIssuer late = FenceIssuer.createTimed("late");
    private final List<String> told = new ArrayList<>();

    @Test
    void theOutcomeOfAnyOfIsThatOfTheOneThatIsDone() {
        Fence any = Fences.anyOf(early.fence(), late.fence());
        late.fail(new Failure.Cancelled("test"));
        assertThat(any.failure()).isInstanceOf(Failure.DependencyFailed.class);
        early.signal();
        assertThat(any.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void theTimeOfAllOfIsThatOfTheLast() {
        Fence all = Fences.allOf(late.fence(), early.fence());
        early.signal();
        assertThat(all.signalTime()).isEmpty();
        late.signal();
        assertThat(all.signalTime()).isPresent().isEqualTo(late.fence().signalTime());
    }

    @Test
    void allOfPollsTheFirstThatIsPending() {
        Fence all = Fences.allOf(PolledPoint.named("a", told), PolledPoint.named("b", told));
        all.poll();
        all.poll();
        assertThat(told).containsExactly("a", "a");
    }

    @Test
    void anyOfPollsItsFencesInTurn() {
        Fence any = Fences.anyOf(PolledPoint.named("a", told), PolledPoint.named("b", told));
        for (int i = 0; i < 4; i++) {
            any.poll();
        }
        assertThat(told).containsExactly("b", "a", "b", "a");
    }
}
