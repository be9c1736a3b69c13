package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.timeline.TimelineState;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Words that many threads hit lie 128 bytes away from whatever else is in the object. */
@Tag("layout")
class PaddingTest {
    private static final int DISTANCE = 128;

    static List<Arguments> words() throws ClassNotFoundException {
        return List.of(Arguments.of(IssueTurn.class, Set.of("count")),
                Arguments.of(CompletionTurn.class, Set.of("count")),
                Arguments.of(BudgetTurn.class, Set.of("count")), Arguments.of(schedulerTurn(), Set.of("count")),
                Arguments.of(TimelineState.class, Set.of("signaled")),
                Arguments.of(ClaimCursor.class, Set.of("claimed", "finishedCache", "capacity")));
    }

    /** Its package keeps it to itself. */
    private static Class<?> schedulerTurn() throws ClassNotFoundException {
        return Class.forName("io.ringfence.scheduler.SchedulerTurn");
    }

    /** This test is run once more in a JVM of its own with the other kind. */
    @Test
    void headersAreOfTheKindThatWasAskedFor() throws ReflectiveOperationException {
        boolean compact = Boolean.getBoolean("ringfence.compact");
        assertThat(offset(OneByte.class.getDeclaredField("only")))
                .as("the first field's offset with compact headers: %s", compact)
                .isEqualTo(compact ? 8 : 12);
    }

    private static final class OneByte {
        @SuppressWarnings({"UnusedVariable", "unused"}) // its place is what counts
        private byte only;
    }

    @ParameterizedTest
    @MethodSource("words")
    void noOtherFieldIsNear(Class<?> type, Set<String> words) throws ReflectiveOperationException {
        for (String word : words) {
            long at = -1;
            for (Field field : fields(type)) {
                if (field.getName().equals(word)) {
                    at = offset(field);
                }
            }
            assertThat(at).as(word).isPositive();
            for (Field field : fields(type)) {
                // Padding itself may be near, and words of one group belong together.
                if (!words.contains(field.getName()) && !field.getName().matches("p[01][0-9a-f]")) {
                    assertThat(Math.abs(offset(field) - at))
                            .as(type.getSimpleName() + "." + field.getName() + " from " + word)
                            .isGreaterThanOrEqualTo(DISTANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("words")
    void noNeighbourOnTheHeapIsNear(Class<?> type, Set<String> words) throws ReflectiveOperationException {
        long first = Long.MAX_VALUE;
        long last = 0;
        long at = 0;
        for (Field field : fields(type)) {
            first = Math.min(first, offset(field));
            last = Math.max(last, offset(field));
            if (words.contains(field.getName())) {
                at = offset(field);
            }
        }
        assertThat(at - first).isGreaterThanOrEqualTo(DISTANCE);
        assertThat(last - at).isGreaterThanOrEqualTo(DISTANCE - 8);
    }

    private static List<Field> fields(Class<?> type) {
        var all = new java.util.ArrayList<Field>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    all.add(field);
                }
            }
        }
        return all;
    }

    /** Asks the JVM; by reflection, because the compiler cannot be told to be silent about this class. */
    private static long offset(Field field) throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field instance = unsafe.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        return (long) unsafe.getMethod("objectFieldOffset", Field.class).invoke(instance.get(null), field);
    }
}
