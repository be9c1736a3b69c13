package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ringfence.driver.Driver;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A driver around another one passes everything on: a method that it forgets would have its default, and the device would never know. */
class WrappedDriverTest {

    static Stream<Arguments> wrappers() throws ClassNotFoundException {
        return Stream.of(
                Arguments.of(Named.of("CheckedRing", CheckedRing.class), Set.of()),
                // Jobs of a hardware queue name nothing, and no batch leaves holes there: both are for the entities' queues.
                Arguments.of(Named.of("HardwareRing", Class.forName("io.ringfence.scheduler.HardwareRing")),
                        Set.of("maxWaits", "canWaitFor", "skip")));
    }

    @ParameterizedTest
    @MethodSource("wrappers")
    void hasEveryMethod(Class<?> wrapper, Set<String> needless) {
        Set<String> own = names(wrapper);
        assertThat(names(Driver.class)).hasSizeGreaterThan(20).filteredOn(name -> !own.contains(name))
                .as("methods of Driver that %s does not have", wrapper.getSimpleName())
                .containsExactlyInAnyOrderElementsOf(needless);
    }

    private static Set<String> names(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic() && !Modifier.isStatic(method.getModifiers())
                        && Modifier.isPublic(method.getModifiers()))
                .map(Method::getName).collect(Collectors.toSet());
    }
}
