package io.ringfence.sim.kineto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The distinct job names, found by their characters so that a known name costs no new string.
 *
 * <p>Length and number of names are bounded: names label a report, and a trace that gives every job a name of its own
 * must not cost more memory than the jobs themselves.
 */
final class NameTable {

    /** The number of characters kept of a name. */
    static final int MAX_LENGTH = 256;

    /** The number of distinct names kept, a power of two. */
    static final int MAX_NAMES = 1 << 16;

    /** Stands for every name beyond the bound. */
    static final String OTHER = "(other)";

    private static final int FREE = -1;

    private final List<String> names = new ArrayList<>();
    private int[] slots = new int[1 << 8];
    private int other = FREE;

    NameTable() {
        Arrays.fill(slots, FREE);
    }

    /** Returns the number of a name, or {@link #isOther(int) the other one} if the table is full. */
    int numberOf(char[] text, int length) {
        int slot = slotOf(text, length);
        if (slots[slot] != FREE) {
            return slots[slot];
        }
        if (names.size() >= MAX_NAMES) {
            return other();
        }
        slots[slot] = names.size();
        names.add(new String(text, 0, length));
        if (names.size() * 2 > slots.length) {
            grow();
        }
        return names.size() - 1;
    }

    boolean isOther(int number) {
        return number == other;
    }

    List<String> names() {
        return names;
    }

    private int other() {
        if (other == FREE) {
            other = names.size();
            names.add(OTHER);
        }
        return other;
    }

    private int slotOf(char[] text, int length) {
        int mask = slots.length - 1;
        int slot = spread(hash(text, length)) & mask;
        while (slots[slot] != FREE && !TextMatch.equal(names.get(slots[slot]), text, 0, length)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        Arrays.fill(slots, FREE);
        for (int number = 0; number < names.size(); number++) {
            char[] text = names.get(number).toCharArray();
            slots[slotOf(text, text.length)] = number;
        }
    }

    private static int hash(char[] text, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + text[i];
        }
        return hash;
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ (mixed >>> 16);
    }
}
