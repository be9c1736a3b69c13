package io.ringfence.sim.faults;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** What is to go wrong in the firmware: faults, and the seed of those that strike at random. Immutable. */
public final class FaultPlan {

    static final long DEFAULT_SEED = 1;

    private static final int MAX_BYTES = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final FaultPlan NONE = of(DEFAULT_SEED);

    private final long seed;
    private final List<Fault> faults;

    private FaultPlan(long seed, List<Fault> faults) {
        this.seed = seed;
        this.faults = faults;
    }

    /**
     * Nothing goes wrong.
     *
     * @return always the same plan
     */
    public static FaultPlan none() {
        return NONE;
    }

    /**
     * A plan of some faults.
     *
     * @param seed   of those that strike at random
     * @param faults in the order in which they are asked
     * @return the plan
     */
    public static FaultPlan of(long seed, Fault... faults) {
        return new FaultPlan(seed, List.of(faults));
    }

    /**
     * Reads a plan: a fault in each line, or several separated by {@code ;}, comments from {@code #} to the end of the
     * line, and perhaps {@code seed N}, which is 1 otherwise.
     *
     * @param text what to read; nothing in it is a plan without faults
     * @return the plan
     * @throws FaultPlanException if something is wrong with it, the first in the text
     */
    public static FaultPlan parse(String text) {
        return FaultPlanParser.parse(text);
    }

    /**
     * Reads a plan from a file.
     *
     * @param file UTF-8, at most 1 MiB
     * @return the plan
     * @throws FaultPlanException if something is wrong with what it says
     * @throws IOException        if it cannot be read, is too long, or is not UTF-8; the message names the file
     */
    public static FaultPlan read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a directory, must be a file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": permission denied", e);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + ": too long for a plan, must be at most " + MAX_BYTES + " bytes");
        }
        return parse(decode(file, ByteBuffer.wrap(bytes)));
    }

    private static String decode(Path file, ByteBuffer bytes) throws IOException {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            // Some editors begin every file with it.
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": byte " + bytes.position() + " is not part of a UTF-8 text", e);
        }
    }

    /**
     * What goes wrong.
     *
     * @return the faults in the order of the plan
     */
    public List<Fault> faults() {
        return faults;
    }

    /**
     * What chance depends on: with the same seed the same faults strike at the same chances.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * Whether nothing goes wrong.
     *
     * @return whether there are no faults
     */
    public boolean isEmpty() {
        return faults.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FaultPlan plan && plan.seed == seed && plan.faults.equals(faults);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(seed) + faults.hashCode();
    }

    /** The plan as a text that is read as an equal plan. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("seed " + seed);
        for (Fault fault : faults) {
            text.append('\n').append(fault);
        }
        return text.toString();
    }
}
