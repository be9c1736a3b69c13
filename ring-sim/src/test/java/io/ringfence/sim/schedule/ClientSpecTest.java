package io.ringfence.sim.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;

import io.ringfence.scheduler.Priority;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients of a shared device are written. */
class ClientSpecTest {

    @Test
    void everyKeyIsRead() {
        assertThat(ClientSpec.parse("a-1:HIGH:jobs=3,each=1.5ms,rest=250us,ahead=7,after=b"))
                .isEqualTo(new ClientSpec("a-1", Priority.HIGH, 3, 1_500_000, 250_000, 7, "b"));
    }

    @Test
    void whatIsNotSaidIsUsual() {
        assertThat(ClientSpec.parse("b:low")).isEqualTo(new ClientSpec("b", Priority.LOW, 1, 4_000_000, 0, 1, null));
        assertThat(ClientSpec.parse(List.of("a:kernel:after=b", "b:normal:after=a")))
                .extracting(ClientSpec::after).containsExactly("b", "a");
        ClientSpec.requireTogether(ClientSpec.usual());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "a|NAME:PRIORITY",
        "a:high:jobs=1:x|NAME:PRIORITY",
        ":high|a letter and up to 11",
        "9a:high|'9a'",
        "abcdefghijklm:high|abcdefghijklm",
        "a:urgent|'urgent': must be kernel, high, normal or low",
        "a:high:|must be one of jobs=N",
        "a:high:size=3|'size=3'",
        "a:high:jobs=0|jobs 0: must be 1 to 64",
        "a:high:jobs=65|1 to 64",
        "a:high:jobs=many|'many': must be 1 to 64",
        "a:high:jobs|'': must be 1 to 64",
        "a:high:each=9us|10us to 1s",
        "a:high:each=2s|10us to 1s",
        "a:high:each=5|'5': must be 10us to 1s",
        "a:high:rest=11s|0s to 10s",
        "a:high:rest=-1ms|'-1ms'",
        "a:high:ahead=0|1 to 64",
        "a:high:jobs=1,jobs=2|jobs: must be there once",
        "a:high:after=b|after 'b': must be the name of another client",
        "a:high:after=a|another client"})
    void whatIsWrongIsNamed(String text, String part) {
        assertThatThrownBy(() -> ClientSpec.parse(List.of(text))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 27})
    void numberOfClientsIsBounded(int count) {
        assertThatThrownBy(() -> ClientSpec.parse(Collections.nCopies(count, "a:low")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining(count + " clients: must be 1 to 26");
    }

    @Test
    void nameIsThereOnce() {
        assertThatThrownBy(() -> ClientSpec.parse(List.of("a:low", "a:high")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("'a': must be there once");
    }
}
