package io.ringfence.sim.kineto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameTableTest {

    @Test
    void namesBeyondTheBoundShareOneNumber() {
        NameTable table = new NameTable();
        for (int i = 0; i < NameTable.MAX_NAMES; i++) {
            assertThat(number(table, "name" + i)).isEqualTo(i);
        }

        int other = number(table, "one more");

        assertThat(table.isOther(other)).isTrue();
        assertThat(number(table, "another")).isEqualTo(other);
        assertThat(table.names().get(other)).isEqualTo(NameTable.OTHER);
        assertThat(number(table, "name17")).isEqualTo(17);
    }

    private static int number(NameTable table, String name) {
        return table.numberOf(name.toCharArray(), name.length());
    }
}
