package io.ringfence.sim.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan says, and what is said of one that is wrong. */
class FaultPlanTest {
    private static final long LAST_SEQNO = (1L << 48) - 1;
    private static final Duration MILLI = Duration.ofMillis(1);

    /** The least that a fault of the kind has to say. */
    private static Fault least(FaultKind kind) {
        return kind.needsDuration() ? Fault.of(kind, MILLI) : Fault.of(kind);
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                arguments("hang", Fault.of(FaultKind.HANG)),
                arguments("hang ring=2 seqno=10", Fault.of(FaultKind.HANG).onRing(2).atSeqno(10)),
                arguments("hang seqno=10 ring=2", Fault.of(FaultKind.HANG).onRing(2).atSeqno(10)),
                arguments("hang ring=0", Fault.of(FaultKind.HANG).onRing(0)),
                arguments("hang ring=65535 seqno=281474976710655",
                        Fault.of(FaultKind.HANG).onRing(65535).atSeqno(LAST_SEQNO)),
                arguments("endless-loop after=0", Fault.of(FaultKind.ENDLESS_LOOP)),
                arguments("endless-loop after=5", Fault.of(FaultKind.ENDLESS_LOOP).after(5)),
                arguments("bad-address every=100", Fault.of(FaultKind.BAD_ADDRESS).every(100)),
                arguments("bad-address every=9223372036854775807 after=9223372036854775807",
                        Fault.of(FaultKind.BAD_ADDRESS).every(Long.MAX_VALUE).after(Long.MAX_VALUE)),
                arguments("bad-opcode rate=0.01 times=3", Fault.of(FaultKind.BAD_OPCODE).rate(0.01).times(3)),
                arguments("bad-opcode rate=.5", Fault.of(FaultKind.BAD_OPCODE).rate(0.5)),
                arguments("bad-opcode rate=1", Fault.of(FaultKind.BAD_OPCODE).rate(1)),
                arguments("bad-opcode rate=1.00", Fault.of(FaultKind.BAD_OPCODE).rate(1)),
                arguments("late-event by=250us", Fault.of(FaultKind.LATE_EVENT, Duration.ofNanos(250_000))),
                arguments("lost-event", Fault.of(FaultKind.LOST_EVENT)),
                arguments("doubled-event times=9223372036854775807",
                        Fault.of(FaultKind.DOUBLED_EVENT).times(Long.MAX_VALUE)),
                arguments("late-completion by=1.5ms",
                        Fault.of(FaultKind.LATE_COMPLETION, Duration.ofNanos(1_500_000))),
                arguments("unseen-stamp", Fault.of(FaultKind.UNSEEN_STAMP)),
                arguments("unseen-stamp by=3s", Fault.of(FaultKind.UNSEEN_STAMP).by(Duration.ofSeconds(3))),
                arguments("lost-reply", Fault.of(FaultKind.LOST_REPLY)),
                arguments("lost-reply request=suspend", Fault.of(FaultKind.LOST_REPLY).onRequest("suspend")),
                arguments("failing-reset times=2", Fault.of(FaultKind.FAILING_RESET).times(2)),
                arguments("stalled-heartbeat by=3600s",
                        Fault.of(FaultKind.STALLED_HEARTBEAT, Duration.ofHours(1))),
                arguments("slow by=1ns", Fault.of(FaultKind.SLOW, Duration.ofNanos(1))),
                arguments("death", Fault.of(FaultKind.DEATH)),
                arguments("death when=after", Fault.of(FaultKind.DEATH)),
                arguments("death when=before", Fault.of(FaultKind.DEATH).beforeEffects()));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void lineIsReadAsItsFault(String line, Fault fault) {
        assertThat(FaultPlan.parse(line).faults()).containsExactly(fault);
        assertThat(FaultPlan.parse(fault.toString()).faults()).as(fault.toString()).containsExactly(fault);
    }

    static Stream<Arguments> everyKindAndKey() {
        List<Arguments> all = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            Fault least = least(kind);
            List<Fault> faults = new ArrayList<>(List.of(least, least.onRing(7), least.after(3), least.every(4),
                    least.rate(Double.MIN_VALUE), least.rate(1.0 / 3), least.times(2),
                    least.onRing(7).after(3).rate(1e-9).times(5)));
            if (kind != FaultKind.LOST_REPLY && kind != FaultKind.FAILING_RESET) {
                faults.add(least.atSeqno(9));
            }
            if (kind.ownKeys().contains("by")) {
                for (long nanos : new long[] {1, 999, 1000, 1001, 1_000_000, 3_599_999_999_999L, 3_600_000_000_000L}) {
                    faults.add(least.by(Duration.ofNanos(nanos)));
                }
            }
            if (kind.ownKeys().contains("request")) {
                Fault.REQUESTS.forEach(request -> faults.add(least.onRequest(request).onRing(1)));
            }
            if (kind.ownKeys().contains("when")) {
                faults.add(least.beforeEffects().atSeqno(9));
            }
            faults.forEach(fault -> all.add(arguments(fault)));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everyKindAndKey")
    void whatAFaultSaysOfItselfIsReadAsTheSame(Fault fault) {
        assertThat(FaultPlan.parse(fault.toString()).faults()).containsExactly(fault);
    }

    @ParameterizedTest
    @EnumSource
    void kindHasItsOwnNameAndSaysWhatGoesWrong(FaultKind kind) {
        assertThat(kind.text()).isEqualTo(kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        assertThat(kind.description()).isNotBlank().doesNotContain("\n");
    }

    @ParameterizedTest
    @CsvSource({"1ns,1", "250us,250000", "1.5ms,1500000", "0.25us,250", "0001us,1000", "2.000000000s,2000000000",
        "1.000000001s,1000000001", "0.001us,1", "3600s,3600000000000", "3600000000000ns,3600000000000",
        "3600000ms,3600000000000"})
    void duration(String text, long nanos) {
        assertThat(FaultPlan.parse("slow by=" + text).faults().getFirst().byNanos()).isEqualTo(nanos);
    }

    @Test
    void linesSemicolonsCommentsAndBlanks() {
        FaultPlan plan = FaultPlan.parse("""
                # a comment; hang
                seed -7   # of all

                  hang ring=1;slow\tby=2us ;; # lost-event; death
                \tdeath when=before
                ;""".replace("\n", "\r\n"));
        assertThat(plan).isEqualTo(FaultPlan.of(-7, Fault.of(FaultKind.HANG).onRing(1),
                Fault.of(FaultKind.SLOW, Duration.ofNanos(2000)), Fault.of(FaultKind.DEATH).beforeEffects()));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE})
    void seed(long seed) {
        assertThat(FaultPlan.parse("hang; seed " + seed).seed()).isEqualTo(seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n", "# nothing", ";;\n;", "seed 1"})
    void planWithoutFaults(String text) {
        assertThat(FaultPlan.parse(text)).isEqualTo(FaultPlan.none()).hasSameHashCodeAs(FaultPlan.none());
        assertThat(FaultPlan.parse(text).isEmpty()).isTrue();
    }

    @Test
    void planSaysOfItselfWhatIsReadAsTheSame() {
        FaultPlan plan = FaultPlan.of(42, Fault.of(FaultKind.HANG), Fault.of(FaultKind.HANG),
                Fault.of(FaultKind.SLOW, MILLI).every(3));
        assertThat(plan).hasToString("seed 42\nhang\nhang\nslow every=3 by=1ms");
        assertThat(FaultPlan.parse(plan.toString())).isEqualTo(plan).hasSameHashCodeAs(plan);
        assertThat(FaultPlan.parse("seed 43\nhang")).isNotEqualTo(FaultPlan.parse("seed 42\nhang"));
        assertThat(plan.isEmpty()).isFalse();
    }

    @Test
    void fileIsReadAsItsText(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("plan");
        Files.writeString(file, "\ufeffhang # für immer\n");
        assertThat(FaultPlan.read(file)).isEqualTo(FaultPlan.parse("hang"));
        Files.writeString(file, "#".repeat(1 << 20));
        assertThat(FaultPlan.read(file).isEmpty()).isTrue();
        Files.writeString(file, "hang\nhnag\n");
        assertThatThrownBy(() -> FaultPlan.read(file)).isInstanceOf(FaultPlanException.class)
                .hasMessageStartingWith("line 2: unknown fault 'hnag'");
    }

    @Test
    void fileThatCannotBeReadIsNamed(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("plan");
        assertThatThrownBy(() -> FaultPlan.read(file)).isInstanceOf(IOException.class)
                .hasMessage(file + ": no such file");
        assertThatThrownBy(() -> FaultPlan.read(folder)).isInstanceOf(IOException.class)
                .hasMessage(folder + ": is a directory, must be a file");
        Files.writeString(file, "#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> FaultPlan.read(file)).isInstanceOf(IOException.class)
                .hasMessage(file + ": too long for a plan, must be at most 1048576 bytes");
        Files.write(file, "hang #\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> FaultPlan.read(file)).isInstanceOf(IOException.class)
                .hasMessage(file + ": byte 6 is not part of a UTF-8 text");
    }

    /** Whoever reads the page can type what it shows. */
    @Test
    void pageShowsEveryKindAndPlansThatAreRight() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("ringfence.root"), "docs", "faults.md"));
        assertThat(Arrays.stream(FaultKind.values()).map(kind -> "\n| `" + kind.text() + "` | "))
                .allMatch(page::contains);
        List<String> plans = new ArrayList<>();
        Matcher quoted = Pattern.compile("--faults '([^']*)'").matcher(page);
        while (quoted.find()) {
            plans.add(quoted.group(1));
        }
        Matcher fenced = Pattern.compile("```plan\n(.*?)```", Pattern.DOTALL).matcher(page);
        while (fenced.find()) {
            plans.add(fenced.group(1));
        }
        assertThat(plans).hasSizeGreaterThanOrEqualTo(6)
                .allSatisfy(plan -> assertThat(FaultPlan.parse(plan).isEmpty()).as(plan).isFalse());
    }
}
