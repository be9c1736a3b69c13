package io.ringfence.sim.cli;

import java.util.List;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;

/** Tables of figures, as plain text. */
final class Tables {

    private Tables() {
    }

    static <T> String print(List<T> rows, List<ColumnData<T>> columns) {
        return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, rows, columns);
    }

    /** Pairs of a name and a figure. */
    static String figures(List<String[]> rows) {
        return print(rows, List.of(
                new Column().header("what").dataAlign(HorizontalAlign.LEFT).<String[]>with(row -> row[0]),
                new Column().header("figure").dataAlign(HorizontalAlign.RIGHT).with(row -> row[1])));
    }
}
