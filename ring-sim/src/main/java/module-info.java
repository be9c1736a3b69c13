import org.jspecify.annotations.NullMarked;

/**
 * A firmware ring with simulated firmware, and the command line that runs queues on it.
 *
 * <p>Some of the libraries below have no module descriptor of their own, hence the suppression.
 */
@SuppressWarnings("requires-automatic")
@NullMarked
module io.ringfence.sim {
    requires transitive io.ringfence.core;

    requires java.logging;
    requires java.xml;

    requires HdrHistogram;
    requires ascii.table;
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires org.agrona;
    requires org.commonmark;
    requires org.commonmark.ext.gfm.tables;
    requires org.jline.terminal;
    requires static org.jspecify;

    exports io.ringfence.sim;
    exports io.ringfence.sim.device;
    exports io.ringfence.sim.faults;

    // picocli sets the fields of the commands by reflection.
    opens io.ringfence.sim.cli to info.picocli;
}
