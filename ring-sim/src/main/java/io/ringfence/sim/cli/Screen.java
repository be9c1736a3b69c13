package io.ringfence.sim.cli;

import java.io.Console;
import java.io.IOError;
import java.io.IOException;
import java.util.List;

import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Curses;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

import org.jspecify.annotations.Nullable;

/**
 * A picture on the whole terminal, drawn again and again. In the end what was there before is there again, with the last picture below it.
 */
final class Screen implements AutoCloseable {

    private static final long SIZE_NANOS = 500_000_000;
    private static final Size UNKNOWN = new Size(80, 24);

    private final Terminal terminal;
    private final Display display;
    /** What gives the user's terminal back. */
    private final String restore;
    private Size size;
    private long sizeAsked;
    private List<AttributedString> last = List.of();

    private Screen(Terminal terminal) {
        this.terminal = terminal;
        display = new Display(terminal, true);
        restore = capability(Capability.exit_ca_mode) + capability(Capability.cursor_normal);
        size = askedSize();
        display.resize(size.getRows(), size.getColumns());
        Attributes quiet = terminal.getAttributes();
        // What is typed meanwhile would be written into the picture.
        quiet.setLocalFlag(Attributes.LocalFlag.ECHO, false);
        terminal.setAttributes(quiet);
        boolean _ = terminal.puts(Capability.enter_ca_mode);
        boolean _ = terminal.puts(Capability.cursor_invisible);
        display.clear();
    }

    private String capability(Capability capability) {
        String written = terminal.getStringCapability(capability);
        return written == null ? "" : Curses.tputs(written);
    }

    /** Whether a person is looking. */
    @SuppressWarnings("SystemConsoleNull") // it may be, by its contract
    static boolean isWatched() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** A screen, or null if nobody looks or the terminal cannot move its cursor. */
    static @Nullable Screen open() {
        if (!isWatched()) {
            return null;
        }
        Terminal opened = null;
        try {
            // Signals stay the JVM's: its hooks end everything in order.
            opened = TerminalBuilder.builder().system(true).dumb(false).nativeSignals(false).build();
            if (opened.getStringCapability(Capability.cursor_address) != null) {
                return new Screen(opened);
            }
        } catch (IOException | IOError | IllegalStateException e) {
            // None that can be asked for its size and told to be quiet; plain lines do.
            close(opened);
            return null;
        }
        close(opened);
        return null;
    }

    int columns() {
        return size.getColumns();
    }

    int rows() {
        return size.getRows();
    }

    /** Draws lines; those that do not fit are left out. */
    void show(List<AttributedString> lines) {
        last = lines.stream().limit(Math.max(1, rows() - 1))
                .map(line -> line.columnSubSequence(0, Math.max(1, columns() - 1))).toList();
        display.update(last, -1);
        terminal.flush();
        resize();
    }

    private void resize() {
        // The signal that tells of it is the JVM's business too.
        if (System.nanoTime() - sizeAsked > SIZE_NANOS) {
            Size now = askedSize();
            if (!now.equals(size)) {
                size = now;
                display.clear();
                display.resize(size.getRows(), size.getColumns());
            }
        }
    }

    private Size askedSize() {
        sizeAsked = System.nanoTime();
        Size asked = terminal.getSize();
        return asked.getColumns() > 0 && asked.getRows() > 0 ? asked : UNKNOWN;
    }

    private static void close(@Nullable Terminal terminal) {
        try {
            if (terminal != null) {
                terminal.close();
            }
        } catch (IOException e) {
            // It was the user's terminal; there is nothing to be saved.
            return;
        }
    }

    @Override
    public void close() {
        StringBuilder end = new StringBuilder(restore);
        for (AttributedString line : last) {
            end.append(line.toAnsi(terminal)).append(System.lineSeparator());
        }
        close(terminal);
        // Not through the terminal: a hook of its own may have closed it before.
        System.out.print(end);
        System.out.flush();
    }
}
