package io.ringfence.fence;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;

/** A scenario for Lincheck written down as text, for where calls chosen at random seldom get in each other's way. */
final class WrittenScenario {

    private WrittenScenario() {
    }

    /**
     * Two threads beside each other.
     *
     * @param type   whose operations are called
     * @param before what is called first: names with arguments, all of them ints, as in {@code "add 1, query"}
     * @param one    what one thread calls
     * @param other  what the other calls meanwhile
     * @param after  what is called last
     */
    static ExecutionScenario of(Class<?> type, String before, String one, String other, String after) {
        return new ExecutionScenario(calls(type, before), List.of(calls(type, one), calls(type, other)),
                calls(type, after), null);
    }

    private static List<Actor> calls(Class<?> type, String text) {
        return Stream.of(text.split(", ")).map(call -> call(type, List.of(call.split(" ")))).toList();
    }

    private static Actor call(Class<?> type, List<String> words) {
        Method method = Arrays.stream(type.getMethods()).filter(each -> each.getName().equals(words.getFirst()))
                .findFirst().orElseThrow();
        return new Actor(method, words.stream().skip(1).map(Integer::valueOf).toList());
    }
}
