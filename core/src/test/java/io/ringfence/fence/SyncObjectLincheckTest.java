package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * A sync object is a linearizable growing list of points: a point is added behind the last one or refused, what was added before a
 * replacement or a reset is gone after it, and a point is done from the moment its fence and all before it are.
 */
class SyncObjectLincheckTest {

    private static ModelCheckingOptions schedules(ExecutionScenario... scenarios) {
        // Loops of the JDK's maps are shorter than that and wait for nobody.
        ModelCheckingOptions options = new ModelCheckingOptions().iterations(0).invocationsPerIteration(80)
                .loopIterationsBeforeThreadSwitch(50).sequentialSpecification(Points.class);
        for (ExecutionScenario scenario : scenarios) {
            options.addCustomScenario(scenario);
        }
        return options;
    }

    @Test
    void everyScheduleIsThatOfAListOfPoints() {
        schedules(
                WrittenScenario.of(Growing.class, "signal 1", "signal 2, query", "signal 2, lastSubmitted", "query"),
                WrittenScenario.of(Growing.class, "query", "signal 1, query", "signal 2, query", "lastSubmitted"))
                .check(Growing.class);
    }

    @Test
    void whatIsReplacedIsGone() {
        schedules(
                WrittenScenario.of(Replaced.class, "isEmpty", "signal 1, query", "signal 2, reset", "lastSubmitted"),
                WrittenScenario.of(Replaced.class, "signal 1", "signal 2, isEmpty", "reset, query", "lastSubmitted"),
                WrittenScenario.of(Replaced.class, "isEmpty", "signal 1, query", "replace, signal 1", "lastSubmitted"))
                .check(Replaced.class);
    }

    @Test
    void aPointIsDoneWithAllBeforeIt() {
        schedules(
                WrittenScenario.of(Pending.class, "addPending 1, signal 2", "isDone 2, isDone 1", "finish, isDone 2",
                        "isDone 2"),
                WrittenScenario.of(Pending.class, "addPending 1", "signal 2, isDone 2", "finish, isDone 1", "isDone 2"))
                .check(Pending.class);
    }

    @Test
    void threadsThatReallyRunSeeAListOfPoints() {
        new StressOptions().iterations(2).invocationsPerIteration(100).threads(2).actorsPerThread(3)
                .actorsBefore(1).actorsAfter(1).sequentialSpecification(Points.class).check(Replaced.class);
    }

    @Test
    void anAddThatLooksForTheLastPointFirstIsFound() {
        assertThatThrownBy(() -> schedules(
                WrittenScenario.of(LooksThenAdds.class, "signalNext", "signalNext", "signalNext", "signalNext"))
                .check(LooksThenAdds.class)).isInstanceOf(LincheckAssertionError.class)
                .hasMessageContaining("Invalid execution results");
    }

    /** Signalled points come. */
    @Param(name = "point", gen = IntGen.class, conf = "1:3")
    public static class Growing {
        final SyncObject object = SyncObject.create("object");

        @Operation
        public void signal(@Param(name = "point") int point) {
            object.signal(point);
        }

        @Operation
        public long query() {
            return object.query();
        }

        @Operation
        public long lastSubmitted() {
            return object.lastSubmitted();
        }
    }

    /** They go with a replacement. */
    public static class Replaced extends Growing {
        @Operation
        public void replace() {
            object.replace(Fences.signalled());
        }

        @Operation
        public void reset() {
            object.reset();
        }

        @Operation
        public boolean isEmpty() {
            return object.isEmpty();
        }
    }

    /**
     * Some points stand for a fence that is signalled later. {@link SyncObject#query()} is not asked here: when one signal makes
     * several points done, it may tell one in between while another thread is walking past them.
     */
    @Param(name = "point", gen = IntGen.class, conf = "1:4")
    public static class Pending {
        private final ManualTimeline engine = new ManualTimeline("engine");
        private final SyncObject object = SyncObject.create("object");

        @Operation
        public void addPending(@Param(name = "point") int point) {
            object.add(point, engine.point(1));
        }

        @Operation
        public void signal(@Param(name = "point") int point) {
            object.signal(point);
        }

        @Operation(runOnce = true)
        public void finish() {
            engine.advance(1);
        }

        @Operation
        public boolean isDone(@Param(name = "point") int point) {
            Fence found = object.find(point);
            return found != null && found.isDone();
        }

        @Operation
        public long lastSubmitted() {
            return object.lastSubmitted();
        }
    }

    /** Another thread may add the same point after this one has looked, so that it is refused. */
    public static class LooksThenAdds {
        private final SyncObject object = SyncObject.create("object");

        @Operation
        public void signalNext() {
            object.signal(object.lastSubmitted() + 1);
        }
    }

    /** The sequential specification. */
    public static class Points {
        private record Point(long number, boolean pending) {
        }

        private final List<Point> points = new ArrayList<>();
        private boolean empty = true;
        private boolean finished;

        public void addPending(int point) {
            add(new Point(point, true));
        }

        public void signal(int point) {
            add(new Point(point, false));
        }

        public void signalNext() {
            add(new Point(lastSubmitted() + 1, false));
        }

        private void add(Point point) {
            if (point.number <= lastSubmitted()) {
                throw new IllegalArgumentException();
            }
            points.add(point);
            empty = false;
        }

        public void replace() {
            points.clear();
            empty = false;
        }

        public void reset() {
            points.clear();
            empty = true;
        }

        public void finish() {
            finished = true;
        }

        public long query() {
            return points.stream().takeWhile(point -> finished || !point.pending).mapToLong(Point::number).max()
                    .orElse(0);
        }

        public long lastSubmitted() {
            return points.isEmpty() ? 0 : points.getLast().number;
        }

        public boolean isDone(int point) {
            return points.stream().filter(at -> at.number >= point).findFirst()
                    .map(at -> at.number <= query()).orElse(false);
        }

        public boolean isEmpty() {
            return empty;
        }
    }
}
