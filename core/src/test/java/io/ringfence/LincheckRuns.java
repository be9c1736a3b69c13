package io.ringfence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Supplier;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How calls that are chosen at random are held against a specification. */
public final class LincheckRuns {

    private LincheckRuns() {
    }

    /** Every schedule of a few calls. No loop in what is tested here waits for another thread before its fiftieth round. */
    public static ModelCheckingOptions schedules(Class<?> specification) {
        return new ModelCheckingOptions().iterations(10).invocationsPerIteration(100).threads(3).actorsPerThread(2)
                .actorsBefore(1).actorsAfter(1).loopIterationsBeforeThreadSwitch(50)
                .sequentialSpecification(specification);
    }

    /** Threads that really run. */
    public static StressOptions threads(Class<?> specification) {
        return new StressOptions().iterations(3).invocationsPerIteration(200).threads(2).actorsPerThread(3)
                .actorsBefore(1).actorsAfter(1).sequentialSpecification(specification);
    }

    /** A control must go wrong, and because of others, not by itself. */
    public static void assertFound(Class<?> broken, Supplier<ModelCheckingOptions> schedules) {
        schedules.get().threads(1).actorsPerThread(6).invocationsPerIteration(1).check(broken);
        assertThatThrownBy(() -> schedules.get().minimizeFailedScenario(false).check(broken))
                .isInstanceOf(LincheckAssertionError.class).hasMessageContaining("Invalid execution results");
    }
}
