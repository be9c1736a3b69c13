package io.ringfence.sim.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When faults strike. */
class FaultDiceTest {
    private static final Fault HANG = Fault.of(FaultKind.HANG);
    private static final Fault RESET = Fault.of(FaultKind.FAILING_RESET);
    private static final Fault REPLY = Fault.of(FaultKind.LOST_REPLY);

    private static FaultDice dice(Fault... faults) {
        return new FaultDice(FaultPlan.of(1, faults));
    }

    /** At which of so many commands of ring 0 a hang is found, counted from 1 as seqnos are. */
    private static List<Integer> strikes(FaultDice dice, int commands) {
        return IntStream.rangeClosed(1, commands).filter(seqno -> dice.strikes(FaultKind.HANG, 0, seqno) != null)
                .boxed().toList();
    }

    static Stream<Arguments> triggers() {
        return Stream.of(
                arguments("hang", List.of(1)),
                arguments("hang times=3", List.of(1, 2, 3)),
                arguments("hang after=4", List.of(5)),
                arguments("hang after=4 times=2", List.of(5, 6)),
                arguments("hang after=12", List.of()),
                arguments("hang after=9223372036854775807 every=1", List.of()),
                arguments("hang seqno=7", List.of(7)),
                arguments("hang seqno=7 times=3", List.of(7)),
                arguments("hang seqno=7 after=6", List.of(7)),
                arguments("hang seqno=7 after=7", List.of()),
                arguments("hang seqno=13", List.of()),
                arguments("hang every=1", List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)),
                arguments("hang every=5", List.of(5, 10)),
                arguments("hang every=5 times=1", List.of(5)),
                arguments("hang every=3 after=5", List.of(8, 11)),
                arguments("hang every=13", List.of()),
                arguments("hang rate=1", List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)),
                arguments("hang rate=1 after=10", List.of(11, 12)),
                arguments("hang rate=1 times=2", List.of(1, 2)),
                arguments("hang ring=0 every=6", List.of(6, 12)),
                arguments("hang ring=1 every=1", List.of()));
    }

    @ParameterizedTest
    @MethodSource("triggers")
    void trigger(String plan, List<Integer> seqnos) {
        FaultDice dice = new FaultDice(FaultPlan.parse(plan));
        assertThat(strikes(dice, 12)).isEqualTo(seqnos);
        assertThat(dice.struck().getFirst().count()).isEqualTo(seqnos.size());
    }

    @ParameterizedTest
    @EnumSource
    void onlyItsKindIsStruck(FaultKind kind) {
        Fault fault = kind.needsDuration() ? Fault.of(kind, Duration.ofNanos(1)) : Fault.of(kind);
        FaultDice dice = dice(fault);
        for (FaultKind other : FaultKind.values()) {
            if (other != kind) {
                assertThat(dice.strikes(other, 0, 1)).isNull();
            }
        }
        assertThat(dice.strikes(kind, 0, 1)).isSameAs(fault);
        assertThat(dice.strikes(kind, 0, 2)).isNull();
    }

    @Test
    void emptyPlanNeverStrikes() {
        FaultDice dice = new FaultDice(FaultPlan.none());
        assertThat(strikes(dice, 100)).isEmpty();
        assertThat(dice.strikesRequest(FaultKind.LOST_REPLY, 0, "ban")).isNull();
        assertThat(dice.struck()).isEmpty();
    }

    @Test
    void chancesOfAllRingsAreCountedTogether() {
        FaultDice dice = dice(HANG.every(3));
        List<Integer> rings = IntStream.range(0, 12)
                .filter(i -> dice.strikes(FaultKind.HANG, i % 4, 1) != null).mapToObj(i -> i % 4).toList();
        assertThat(rings).containsExactly(2, 1, 0, 3);
    }

    @Test
    void otherRingsAreNoChances() {
        FaultDice dice = dice(HANG.onRing(2).every(3));
        List<Integer> asked = IntStream.range(0, 24).filter(i -> dice.strikes(FaultKind.HANG, i % 4, 1) != null)
                .boxed().toList();
        assertThat(asked).containsExactly(10, 22);
    }

    @Test
    void seqnoOnAnyRingStrikesTheFirstThatComes() {
        FaultDice dice = dice(HANG.atSeqno(5));
        assertThat(dice.strikes(FaultKind.HANG, 3, 4)).isNull();
        assertThat(dice.strikes(FaultKind.HANG, 3, 0)).isNull();
        assertThat(dice.strikes(FaultKind.HANG, 3, 5)).isNotNull();
        assertThat(dice.strikes(FaultKind.HANG, 4, 5)).isNull();
    }

    @Test
    void requestOfItsNameOnly() {
        FaultDice dice = dice(REPLY.onRequest("suspend").onRing(1).every(2));
        List<Integer> asked = new ArrayList<>();
        for (int i = 0; i < 42; i++) {
            String request = Fault.REQUESTS.get(i % Fault.REQUESTS.size());
            if (dice.strikesRequest(FaultKind.LOST_REPLY, 1, request) != null) {
                assertThat(request).isEqualTo("suspend");
                asked.add(i);
            }
            assertThat(dice.strikesRequest(FaultKind.LOST_REPLY, 0, request)).isNull();
            assertThat(dice.strikes(FaultKind.LOST_REPLY, 1, 0)).as("none named").isNull();
        }
        assertThat(asked).containsExactly(10, 26);
    }

    @Test
    void anyRequest() {
        FaultDice dice = dice(REPLY.times(2), RESET);
        assertThat(dice.strikesRequest(FaultKind.LOST_REPLY, 0, "ban")).isSameAs(dice.struck().getFirst().fault());
        assertThat(dice.strikesRequest(FaultKind.FAILING_RESET, 0, "reset")).isEqualTo(RESET);
        assertThat(dice.strikes(FaultKind.LOST_REPLY, 5, 0)).isNotNull();
        assertThat(dice.strikesRequest(FaultKind.LOST_REPLY, 0, "ban")).isNull();
    }

    @Test
    void unknownRequestIsRefusedEvenWithoutFaults() {
        FaultDice dice = new FaultDice(FaultPlan.none());
        assertThatThrownBy(() -> dice.strikesRequest(FaultKind.LOST_REPLY, 0, "stop"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "lost-reply: request 'stop': must be one of register, deregister, suspend, resume, properties, quiesce, "
                                + "reset, ban");
    }

    /** A seed in a report has to mean the same later, so what it rolls is fixed here. */
    @ParameterizedTest
    @CsvSource({"1,0.01,1000", "1,0.5,49808", "2,0.01,1004", "-1,0.001,104"})
    void rate(long seed, double rate, int expected) {
        int chances = 100_000;
        FaultDice dice = new FaultDice(FaultPlan.of(seed, HANG.rate(rate)));
        SplittableRandom own = new SplittableRandom(seed).split();
        List<Integer> rolled = IntStream.rangeClosed(1, chances).filter(_ -> own.nextDouble() < rate).boxed().toList();

        assertThat(strikes(dice, chances)).isEqualTo(rolled).hasSize(expected);
        assertThat((double) expected).isBetween(chances * rate - 4 * Math.sqrt(chances * rate * (1 - rate)),
                chances * rate + 4 * Math.sqrt(chances * rate * (1 - rate)));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, 0, 1, 4711})
    void sameSeedStrikesTheSame(long seed) {
        FaultPlan plan = FaultPlan.of(seed, HANG.rate(0.1).times(50), HANG.rate(0.2).after(30));
        List<Integer> strikes = strikes(new FaultDice(plan), 1000);
        assertThat(strikes(new FaultDice(plan), 1000)).isEqualTo(strikes).isNotEmpty();
        assertThat(strikes(new FaultDice(FaultPlan.of(seed + 1, plan.faults().toArray(Fault[]::new))), 1000))
                .isNotEqualTo(strikes);
    }

    @Test
    void equalFaultsRollDifferently() {
        FaultDice dice = dice(HANG.onRing(0).rate(0.5), Fault.of(FaultKind.LOST_EVENT).onRing(0).rate(0.5));
        List<Integer> first = strikes(dice, 100);
        List<Integer> second = IntStream.rangeClosed(1, 100)
                .filter(seqno -> dice.strikes(FaultKind.LOST_EVENT, 0, seqno) != null).boxed().toList();
        assertThat(first).isNotEqualTo(second);
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments(Fault.of(FaultKind.LOST_EVENT), List.of()),
                arguments(Fault.of(FaultKind.LOST_EVENT).rate(0.9), List.of()),
                arguments(HANG.onRing(1).rate(0.9), List.of()),
                arguments(HANG.onRing(0).rate(0.9), List.of()),
                arguments(HANG.every(2), List.of(HANG.onRing(0).rate(0.5))),
                arguments(HANG.atSeqno(3), List.of(RESET, Fault.of(FaultKind.DEATH).rate(0.001))));
    }

    /** Whatever stands beside it, and however often that is asked, a fault is due at the same chances. */
    @ParameterizedTest
    @MethodSource("others")
    void faultIsNotDisturbedByOthers(Fault other, List<Fault> behind) {
        Fault watched = Fault.of(FaultKind.BAD_OPCODE).rate(0.3);
        List<Fault> faults = new ArrayList<>(List.of(other, watched));
        faults.addAll(behind);
        FaultDice dice = dice(faults.toArray(Fault[]::new));
        FaultDice plain = dice(HANG, watched);
        for (int seqno = 1; seqno <= 1000; seqno++) {
            for (int i = 0; i < seqno % 3; i++) {
                dice.strikes(other.kind(), i, seqno);
            }
            assertThat(dice.strikes(FaultKind.BAD_OPCODE, 0, seqno) != null)
                    .isEqualTo(plain.strikes(FaultKind.BAD_OPCODE, 0, seqno) != null);
        }
        assertThat(dice.struck(watched)).isEqualTo(plain.struck(watched)).isPositive();
    }

    @Test
    void ofTwoThatAreDueTheFirstStrikesAndTheOtherKeepsItsTimes() {
        Fault third = HANG.every(3);
        Fault second = HANG.every(2).times(2);
        FaultDice dice = dice(third, second);
        List<String> struck = new ArrayList<>();
        for (int seqno = 1; seqno <= 12; seqno++) {
            Fault fault = dice.strikes(FaultKind.HANG, 0, seqno);
            if (fault != null) {
                struck.add(seqno + (fault.equals(third) ? " third" : " second"));
            }
        }
        assertThat(struck).containsExactly("2 second", "3 third", "4 second", "6 third", "9 third", "12 third");
    }

    @Test
    void equalFaultsStrikeOneAfterTheOther() {
        FaultDice dice = dice(HANG, HANG, HANG.onRing(9));
        assertThat(strikes(dice, 10)).containsExactly(1, 2);
        assertThat(dice.struck(HANG)).isEqualTo(2);
        assertThat(dice.struck()).containsExactly(new FaultDice.Struck(HANG, 1), new FaultDice.Struck(HANG, 1),
                new FaultDice.Struck(HANG.onRing(9), 0));
    }

    @Test
    void askingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        FaultDice dice = dice(HANG.rate(0.5), HANG.onRing(1).every(3), REPLY.onRequest("ban").every(2));
        ask(dice, 1000);
        long before = threads.getCurrentThreadAllocatedBytes();
        ask(dice, 100_000);
        // The machine itself allocates a little; an object a question would be millions of bytes.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
    }

    private static void ask(FaultDice dice, int times) {
        for (int i = 1; i <= times; i++) {
            dice.strikes(FaultKind.HANG, i % 4, i);
            dice.strikes(FaultKind.SLOW, i % 4, i);
            dice.strikesRequest(FaultKind.LOST_REPLY, i % 4, "ban");
        }
    }

    @Test
    void faultOfAnotherPlanIsRefused() {
        FaultDice dice = dice(HANG);
        assertThatThrownBy(() -> dice.struck(HANG.onRing(3))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("fault 'hang ring=3': must be one of the plan's");
    }

    @ParameterizedTest
    @CsvSource({"hang,1", "hang seqno=3,1", "hang after=3,1", "hang times=7,7", "hang every=2 times=7,7",
        "hang every=2,9223372036854775807", "hang rate=0.5,9223372036854775807", "hang rate=0.5 times=1,1"})
    void limit(String plan, long expected) {
        assertThat(FaultPlan.parse(plan).faults().getFirst().limit()).isEqualTo(expected);
    }
}
