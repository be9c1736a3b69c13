package io.ringfence.sim.prove;

/**
 * A part of the report.
 *
 * @param title   what it is about
 * @param verdict in one line
 * @param holds   false if something did not hold
 * @param text    the whole, as Markdown
 */
record Section(String title, String verdict, boolean holds, String text) {

    /** A cell of a table: in one line, and without what would end it. */
    static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    /** Something that a program has printed. */
    static String printed(String text) {
        return "\n```\n" + text + "\n```\n";
    }
}
