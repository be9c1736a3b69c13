package io.ringfence.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;

import io.ringfence.sim.explore.Exploration.Plan;
import io.ringfence.sim.explore.Exploration.Result;
import io.ringfence.sim.explore.Exploration.Strategies;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All scenarios, in every way; and that the same seed is the same schedule. */
@Tag("explorer")
@Timeout(300)
class ExplorationTest {

    private static Result explore(Plan plan) throws InterruptedException {
        return new Exploration(plan).explore(_ -> {});
    }

    @ParameterizedTest
    @EnumSource
    void noRuleIsBroken(Strategies strategy) throws Exception {
        int schedules = 100 * Exploration.names().size();

        Result result = explore(new Plan(List.of(), schedules, 5, false, strategy));

        assertThat(result.violations().stream().map(Exploration::describe)).isEmpty();
        assertThat(result.schedules()).isEqualTo(schedules);
        List<String> played = result.lines().stream().map(Exploration.Line::name).toList();
        if (strategy == Strategies.SYSTEMATIC) {
            assertThat(played).hasSizeGreaterThan(9).isSubsetOf(Exploration.names());
        } else {
            assertThat(played).isEqualTo(Exploration.names());
        }
    }

    @Test
    void theSameSeedIsTheSameSchedule() throws Exception {
        for (String name : Exploration.names()) {
            Plan plan = new Plan(List.of(name), 20, 77, false, Strategies.MIXED);
            assertThat(explore(plan)).as(name).isEqualTo(explore(plan));
        }
    }

    @Test
    void smallScenariosAreCovered() throws Exception {
        for (String name : List.of("await", "callbacks", "interrupted-await")) {
            Result result = explore(new Plan(List.of(name), 200_000, 1, false, Strategies.SYSTEMATIC));
            assertThat(result.violations()).isEmpty();
            assertThat(result.lines().getFirst().covered()).as("preemptions of " + name).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void schedulesAreSpreadOverTheScenarios() throws Exception {
        Result result = explore(new Plan(List.of("await", "credits", "poll"), 100, 1, false, Strategies.RANDOM));
        assertThat(result.lines()).extracting(Exploration.Line::schedules).containsExactlyInAnyOrder(33L, 33L, 34L);
        assertThat(result.schedules()).isEqualTo(100);
    }

    @Test
    void unknownScenariosAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Plan(List.of("no such"), 1, 1, false, Strategies.MIXED))
                .withMessageContaining("no such").withMessageContaining("two-producers");
        assertThatIllegalArgumentException().isThrownBy(() -> new Plan(List.of(), 0, 1, false, Strategies.MIXED))
                .withMessageContaining("0").withMessageContaining("1 or more");
    }
}
