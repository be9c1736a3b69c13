package io.ringfence.sim.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ringfence.driver.Driver;
import io.ringfence.sim.FirmwareRing;

import org.junit.jupiter.api.Test;

class WatchedRingTest {

    /** One that it forgets would have its default, and soak would run on a device that can less. */
    @Test
    void passesOnWhateverTheFirmwareRingHas() {
        Set<String> asked = names(Driver.class);
        Set<String> had = Stream.concat(names(FirmwareRing.class).stream(),
                names(FirmwareRing.class.getSuperclass()).stream()).filter(asked::contains).collect(Collectors.toSet());
        assertThat(had).hasSizeGreaterThan(10);
        assertThat(names(WatchedRing.class)).containsAll(had);
    }

    private static Set<String> names(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).filter(method -> !method.isSynthetic()).map(Method::getName)
                .collect(Collectors.toSet());
    }
}
