package io.ringfence.sim.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0", "5, 5000", "-5, -5000", "5.1, 5100", "5.12, 5120", "-5.127, -5127", "5.1274, 5127", "5.1275, 5128",
        "1695835542514261, 1695835542514261000", "1695835542514261.127, 1695835542514261127",
        "1.695835542514261e15, 1695835542514261000", "2E15, 2000000000000000000", "1e-3, 1",
        "4000000000000000, 4000000000000000000"
    })
    void microsecondsBecomeNanoseconds(String text, long nanos) {
        assertThat(nanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "-", ".", "NaN", "Spans", "1e999999999", "1e-999999999", "4000000000000001", "99999999999999999999", "0x10",
        "1.2.3", "1e15e15"
    })
    void unusableTimesAreAbsent(String text) {
        assertThat(nanos(text)).isEqualTo(DecimalText.ABSENT);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0", "-1, -1", "4294967295, 4294967295", "9223372036854775807, 9223372036854775807",
        "18446744073709551615, -1"
    })
    void integersAreRead(String text, long value) {
        assertThat(DecimalText.toLong(text.toCharArray(), 0, text.length())).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "1.5", "null", "18446744073709551616", "-9223372036854775809"})
    void otherTextsAreNoIntegers(String text) {
        assertThat(DecimalText.toLong(text.toCharArray(), 0, text.length())).isEqualTo(DecimalText.ABSENT);
    }

    private static long nanos(String text) {
        char[] padded = ("##" + text + "9").toCharArray();
        return DecimalText.toNanos(padded, 2, text.length());
    }
}
