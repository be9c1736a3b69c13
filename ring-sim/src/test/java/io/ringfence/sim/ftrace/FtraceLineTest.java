package io.ringfence.sim.ftrace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of ftrace text, with everything that task names and formats do to them. */
class FtraceLineTest {

    private final FtraceLine line = new FtraceLine();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "           <...>-199    [003] 630659.230527929: a_b: x=1 | <...> | 630659230527929 | a_b",
        "    RenderThread-25155  [003] 630659.133156506: a: x=1 | RenderThread | 630659133156506 | a",
        "            Xorg-937   [002]   720.230995: ev:   x=1 | Xorg | 720230995000 | ev",
        "     amdgpu_cs:0-1150   [003] 1.5: ev: x=1 | amdgpu_cs:0 | 1500000000 | ev",
        "   kworker/u16:3-234     [005] d..1.   721.597314: ev: x=1 | kworker/u16:3 | 721597314000 | ev",
        "  my game [01] x-77    (  76) [000] .... 12.000001: ev: x=1 | my game [01] x | 12000001000 | ev",
        "  two words-5 (-----) [001] 0.000000001: ev: x=1 | two words | 1 | ev"
    })
    void tasksMayBeCalledAnything(String text, String comm, long time, String name) {
        assertThat(line.parse(text)).isTrue();
        assertThat(line.comm()).isEqualTo(comm);
        assertThat(line.time()).isEqualTo(time);
        assertThat(line.name()).isEqualTo(name);
        assertThat(line.number("x")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "#  TASK-PID  CPU#  TIMESTAMP", "cpus=8", "x-1 [000] 12: ev: a=1", "x-1 [000] 1.x: ev: a",
                "x-1 [0] 1.0000000001: ev: a=1", "x [000] 1.0: ev: a=1", "x-1 [000] 1.0: no colon", "x-1 [000", "[",
                "x-1 [000] 1.0: : a=1"})
    void whatIsNoEventIsNone(String text) {
        assertThat(line.parse(text)).isFalse();
    }

    @Test
    void fieldsAreSeparatedByCommasOrBySpaces() {
        assertThat(line
                .parse("x-1 [000] 1.0: ev: driver=amd sched, timeline=ring 0, context=7, seqno=18446744073709551615"))
                .isTrue();
        assertThat(line.text("driver")).isEqualTo("amd sched");
        assertThat(line.text("timeline")).isEqualTo("ring 0");
        assertThat(line.number("context")).isEqualTo(7);
        assertThat(line.number("seqno")).isEqualTo(-1);
        assertThat(line.parse("x-1 [000] 1.0: ev: driver=msm timeline=ring 0 context=7 seqno=8 job count:3")).isTrue();
        assertThat(line.text("timeline")).isEqualTo("ring 0");
        assertThat(line.number("seqno")).isEqualTo(8);
        assertThat(line.number("subseqno")).isEqualTo(FtraceLine.ABSENT);
        assertThat(line.text("name")).isEmpty();
    }

    @Test
    void addressesAndPairsAreRead() {
        assertThat(line.parse("x-1 [000] 1.0: ev: entity=0xffff888102, fence=00000000deadbeef, id=x"))
                .isTrue();
        assertThat(line.address("entity")).isEqualTo(0xffff888102L);
        assertThat(line.address("fence")).isEqualTo(0xdeadbeefL);
        assertThat(line.number("id")).isEqualTo(FtraceLine.ABSENT);
        assertThat(line.parse("x-1 [000] 1.0: ev: fence=4:5 depends on fence=6:7")).isTrue();
        int first = line.valueOf("fence", line.body());
        int second = line.valueOf("fence", first);
        assertThat(line.first(first)).isEqualTo(4);
        assertThat(line.second(first)).isEqualTo(5);
        assertThat(line.first(second)).isEqualTo(6);
        assertThat(line.second(second)).isEqualTo(7);
        assertThat(line.first(-1)).isEqualTo(FtraceLine.ABSENT);
    }
}
