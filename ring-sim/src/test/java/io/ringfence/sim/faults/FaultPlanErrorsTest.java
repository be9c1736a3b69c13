package io.ringfence.sim.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong plan or fault is refused with its line, its value and what would be right. */
class FaultPlanErrorsTest {
    private static final String SEQNO = "must be 1 to 281474976710655";
    private static final String COUNT = "must be 1 to 9223372036854775807";
    private static final String RATE = "must be above 0 and at most 1, such as 0.01";
    private static final String BY = "must be 1ns to 3600s in whole nanoseconds, with the unit ns, us, ms or s";
    private static final String REQUEST =
            "must be one of register, deregister, suspend, resume, properties, quiesce, reset, ban";
    private static final String SEED = "must be -9223372036854775808 to 9223372036854775807";
    private static final String HANG_KEYS = "allowed are ring, seqno, after, every, rate, times";
    private static final String KINDS = "must be one of hang, endless-loop, bad-address, bad-opcode, late-event, "
            + "lost-event, doubled-event, late-completion, unseen-stamp, lost-reply, failing-reset, stalled-heartbeat, "
            + "slow, death, or seed N";

    static Stream<Arguments> numbers() {
        return Stream.of(
                arguments("\n\nhang seqno=x", 3, "hang: seqno 'x': " + SEQNO),
                arguments("hang seqno=0", 1, "hang: seqno '0': " + SEQNO),
                arguments("hang seqno=-1", 1, "hang: seqno '-1': " + SEQNO),
                arguments("hang seqno=281474976710656", 1, "hang: seqno '281474976710656': " + SEQNO),
                arguments("hang seqno=99999999999999999999", 1, "hang: seqno '99999999999999999999': " + SEQNO),
                arguments("hang seqno=+1", 1, "hang: seqno '+1': " + SEQNO),
                arguments("hang seqno=\u0661", 1, "hang: seqno '\u0661': " + SEQNO),
                arguments("hang seqno=", 1, "hang: seqno '': " + SEQNO),
                arguments("hang seqno=1=2", 1, "hang: seqno '1=2': " + SEQNO),
                arguments("slow by=1s ring=65536", 1, "slow: ring '65536': must be 0 to 65535"),
                arguments("hang ring=-1", 1, "hang: ring '-1': must be 0 to 65535"),
                arguments("hang ring=0x1", 1, "hang: ring '0x1': must be 0 to 65535"),
                arguments("hang after=-1", 1, "hang: after '-1': must be 0 to 9223372036854775807"),
                arguments("hang every=0", 1, "hang: every '0': " + COUNT),
                arguments("hang every=1.5", 1, "hang: every '1.5': " + COUNT),
                arguments("hang times=0", 1, "hang: times '0': " + COUNT),
                arguments("hang times=9223372036854775808", 1, "hang: times '9223372036854775808': " + COUNT),
                arguments("hang rate=0", 1, "hang: rate '0': " + RATE),
                arguments("hang rate=0.000", 1, "hang: rate '0.000': " + RATE),
                arguments("hang rate=1.01", 1, "hang: rate '1.01': " + RATE),
                arguments("hang rate=-0.5", 1, "hang: rate '-0.5': " + RATE),
                arguments("hang rate=1e-3", 1, "hang: rate '1e-3': " + RATE),
                arguments("hang rate=NaN", 1, "hang: rate 'NaN': " + RATE),
                arguments("hang rate=1%", 1, "hang: rate '1%': " + RATE),
                arguments("seed x", 1, "seed 'x': " + SEED),
                arguments("seed", 1, "seed '': " + SEED),
                arguments("hang\nseed 1 2", 2, "seed '1 2': " + SEED),
                arguments("seed 9223372036854775808", 1, "seed '9223372036854775808': " + SEED));
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                arguments("slow by=0ns", 1, "slow: by '0ns': " + BY),
                arguments("slow by=5", 1, "slow: by '5': " + BY),
                arguments("slow by=5m", 1, "slow: by '5m': " + BY),
                arguments("slow by=-5ms", 1, "slow: by '-5ms': " + BY),
                arguments("slow by=.5ms", 1, "slow: by '.5ms': " + BY),
                arguments("slow by=1.5ns", 1, "slow: by '1.5ns': " + BY),
                arguments("slow by=0.0001us", 1, "slow: by '0.0001us': " + BY),
                arguments("slow by=3600.000000001s", 1, "slow: by '3600.000000001s': " + BY),
                arguments("slow by=9999999999999999999s", 1, "slow: by '9999999999999999999s': " + BY),
                arguments("slow by=18446744073709551617ns", 1, "slow: by '18446744073709551617ns': " + BY),
                arguments("slow by=" + "1".repeat(100) + "s", 1, "slow: by '" + "1".repeat(60) + "…': " + BY));
    }

    static Stream<Arguments> words() {
        return Stream.of(
                arguments("hnag", 1, "unknown fault 'hnag': " + KINDS),
                arguments("HANG", 1, "unknown fault 'HANG': " + KINDS),
                arguments("hang; slow by=1s; ring=2", 1, "unknown fault 'ring=2': " + KINDS),
                arguments("hang # ok\n# ok; ok\n\nseed=4", 4, "unknown fault 'seed=4': " + KINDS),
                arguments("ha\u001bng", 1, "unknown fault 'ha ng': " + KINDS),
                arguments("\n" + "x".repeat(61), 2, "unknown fault '" + "x".repeat(60) + "…': " + KINDS),
                arguments("#\n#\n#\nhang sqno=1", 4, "hang: unknown key 'sqno': " + HANG_KEYS),
                arguments("hang =1", 1, "hang: unknown key '': " + HANG_KEYS),
                arguments("hang RING=1", 1, "hang: unknown key 'RING': " + HANG_KEYS),
                arguments("hang ring = 1", 1, "hang: 'ring': must be KEY=VALUE"),
                arguments("hang hang", 1, "hang: 'hang': must be KEY=VALUE"),
                arguments("death;\nhang ring=1 seqno=2 ring=1", 2, "hang: key 'ring' given twice"),
                arguments("seed 1\nhang; seed 1", 2, "seed given twice, first in line 1"));
    }

    static Stream<Arguments> together() {
        return Stream.of(
                arguments("hang; slow by=1s\nlate-event ring=1", 2, "late-event: needs by=DURATION"),
                arguments("late-completion", 1, "late-completion: needs by=DURATION"),
                arguments("stalled-heartbeat every=2", 1, "stalled-heartbeat: needs by=DURATION"),
                arguments("slow", 1, "slow: needs by=DURATION"),
                arguments("hang by=1s", 1, "hang: key 'by' is not allowed: " + HANG_KEYS),
                arguments("hang when=after", 1, "hang: key 'when' is not allowed: " + HANG_KEYS),
                arguments("hang request=ban", 1, "hang: key 'request' is not allowed: " + HANG_KEYS),
                arguments("lost-reply seqno=1", 1,
                        "lost-reply: key 'seqno' is not allowed: allowed are ring, after, every, rate, times, request"),
                arguments("failing-reset seqno=1", 1,
                        "failing-reset: key 'seqno' is not allowed: allowed are ring, after, every, rate, times"),
                arguments("lost-reply request=stop", 1, "lost-reply: request 'stop': " + REQUEST),
                arguments("lost-reply request=", 1, "lost-reply: request '': " + REQUEST),
                arguments("death when=during", 1, "death: when 'during': must be before or after"),
                arguments("hang seqno=1 every=2", 1, "hang: seqno and every exclude each other"),
                arguments("hang seqno=1 rate=0.5", 1, "hang: seqno and rate exclude each other"),
                arguments("hang every=1 rate=0.5", 1, "hang: every and rate exclude each other"),
                arguments("hang rate=0.5 every=1 seqno=1", 1, "hang: seqno, every and rate exclude each other"));
    }

    @ParameterizedTest
    @MethodSource({"numbers", "durations", "words", "together"})
    void planIsRefused(String text, int line, String reason) {
        assertThatThrownBy(() -> FaultPlan.parse(text))
                .isInstanceOfSatisfying(FaultPlanException.class,
                        e -> assertThat(e.line()).isEqualTo(line))
                .hasMessage("line " + line + ": " + reason);
    }

    static Stream<Arguments> faults() {
        Fault hang = Fault.of(FaultKind.HANG);
        Duration hour = Duration.ofHours(1);
        return Stream.of(
                refused(() -> Fault.of(FaultKind.SLOW), "slow: needs by=DURATION"),
                refused(() -> Fault.of(FaultKind.HANG, hour), "hang: key 'by' is not allowed: " + HANG_KEYS),
                refused(() -> Fault.of(FaultKind.SLOW, Duration.ZERO), "slow: by 'PT0S': " + BY),
                refused(() -> Fault.of(FaultKind.SLOW, hour.plusNanos(1)), "slow: by 'PT1H0.000000001S': " + BY),
                refused(() -> Fault.of(FaultKind.SLOW, Duration.ofSeconds(Long.MAX_VALUE)),
                        "slow: by 'PT2562047788015215H30M7S': " + BY),
                refused(() -> Fault.of(FaultKind.SLOW, hour).by(Duration.ofNanos(-1)),
                        "slow: by 'PT-0.000000001S': " + BY),
                refused(() -> hang.onRing(-1), "hang: ring '-1': must be 0 to 65535"),
                refused(() -> hang.onRing(65536), "hang: ring '65536': must be 0 to 65535"),
                refused(() -> hang.atSeqno(0), "hang: seqno '0': " + SEQNO),
                refused(() -> hang.atSeqno(1L << 48), "hang: seqno '281474976710656': " + SEQNO),
                refused(() -> hang.after(-1), "hang: after '-1': must be 0 to 9223372036854775807"),
                refused(() -> hang.every(0), "hang: every '0': " + COUNT),
                refused(() -> hang.times(0), "hang: times '0': " + COUNT),
                refused(() -> hang.rate(0), "hang: rate '0.0': " + RATE),
                refused(() -> hang.rate(Double.NaN), "hang: rate 'NaN': " + RATE),
                refused(() -> hang.rate(Math.nextUp(1.0)), "hang: rate '1.0000000000000002': " + RATE),
                refused(() -> hang.every(2).rate(0.5), "hang: every and rate exclude each other"),
                refused(() -> hang.atSeqno(2).every(5), "hang: seqno and every exclude each other"),
                refused(hang::beforeEffects, "hang: key 'when' is not allowed: " + HANG_KEYS),
                refused(() -> hang.onRequest("ban"), "hang: key 'request' is not allowed: " + HANG_KEYS),
                refused(() -> Fault.of(FaultKind.LOST_REPLY).onRequest("Ban"), "lost-reply: request 'Ban': " + REQUEST),
                refused(() -> new Fault(FaultKind.HANG, -2, 0, 0, 0, 0, 0, 0, null, false),
                        "hang: ring '-2': must be 0 to 65535"),
                refused(() -> new Fault(FaultKind.HANG, 0, -1, 0, 0, 0, 0, 0, null, false),
                        "hang: seqno '-1': " + SEQNO),
                refused(() -> new Fault(FaultKind.HANG, 0, 0, 0, 0, -0.1, 0, 0, null, false),
                        "hang: rate '-0.1': " + RATE));
    }

    private static Arguments refused(Supplier<Fault> made, String reason) {
        return arguments(made, reason);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultIsRefused(Supplier<Fault> made, String reason) {
        assertThatThrownBy(made::get).isInstanceOf(IllegalArgumentException.class).hasMessage(reason);
    }
}
