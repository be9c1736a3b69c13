package io.ringfence.sim.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The explorer finds mistakes, one by one, and nothing where there is none. */
@Tag("explorer")
class MutationTest {

    private static final Logger LOG = Logger.getLogger("io.ringfence");

    /** All, or those whose name contains {@code -Dringfence.mutation}. */
    static List<Mutation> mutations() {
        String wanted = System.getProperty("ringfence.mutation", "");
        return Mutations.all().stream().filter(mutation -> mutation.name().contains(wanted)).toList();
    }

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void isFound(Mutation mutation) throws Exception {
        String found = Mutant.of(mutation).explore(mutation.scenario(), mutation.schedules());

        assertThat(found).as("within %s schedules of %s", mutation.schedules(), mutation.scenario()).isNotNull();
        System.out.println(mutation + ": " + found.lines().limit(1).collect(Collectors.joining()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "random", "pct"})
    void violationIsToldAndRepeatedByItsSeed(String strategy) throws Exception {
        Mutation mutation = Mutations.all().stream().filter(each -> each.name().contains("may come too late"))
                .findFirst().orElseThrow();
        Mutant mutant = Mutant.of(mutation);

        String[] found = mutant.program("explore", "--scenario", mutation.scenario(), "--seeds", "20000",
                "--strategy", strategy);

        assertThat(found[0]).as(found[1]).isEqualTo("1");
        assertThat(found[1]).contains("VIOLATION in cancel: run of second, which was cancelled before")
                .contains("canceller: cancel").contains("--seed").contains("1 violations");
        Matcher repeat = Pattern.compile("repeat: ringfence (explore .*)").matcher(found[1]);
        assertThat(repeat.find()).isTrue();

        String[] again = Mutant.of(mutation).program(repeat.group(1).split(" ", -1));

        assertThat(again[0]).as(again[1]).isEqualTo("1");
        assertThat(again[1]).contains("1 schedules").contains("VIOLATION in cancel");
    }

    @Test
    void nothingIsFoundWithoutAMistake() throws Exception {
        // One for all: each begins with code that nothing was compiled of.
        Mutant none = Mutant.none();
        for (String scenario : Mutations.all().stream().map(Mutation::scenario).distinct().toList()) {
            // The exploration itself plays more of each; here it is about the way in which mistakes are made.
            assertThat(none.explore(scenario, 200)).as(scenario).isNull();
        }
    }

    @Test
    void hazardsThatCanBeReached() {
        List<String> hazards =
                Mutations.all().stream().map(mutation -> mutation.name().split(":", 2)[0]).distinct().sorted()
                        .toList();
        assertThat(Mutations.all()).hasSizeGreaterThanOrEqualTo(25);
        assertThat(hazards).containsExactlyInAnyOrder("H1", "H2", "H3", "H4", "H5", "H6", "H9", "H10", "H11", "H12",
                "H13", "H14", "H15",
                "H16", "H17", "H19", "H20", "H21", "H23", "X3");
    }
}
