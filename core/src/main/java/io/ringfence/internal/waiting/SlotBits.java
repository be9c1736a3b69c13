package io.ringfence.internal.waiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

/**
 * One bit a slot, and one bit for each 64 of those, so that the next slot in use is found without visiting all between. Threads:
 * any set bits, one at a time looks for them and clears them.
 *
 * <p>A bit is set after the slot came into use, and cleared before it is looked whether the slot is still empty; if it is not, the bit
 * is set again. The same holds between a word and its bit one level up. So whoever looks misses a bit only if the slot came into use
 * just now, and who brought that about has not set the bit yet and will bring news after that.
 */
final class SlotBits {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] slots;
    private final long[] words;

    /** For a power of two of slots, 4096 or more. */
    SlotBits(int count) {
        slots = new long[count / Long.SIZE];
        words = new long[slots.length / Long.SIZE];
    }

    private static boolean has(long[] bits, int index) {
        return ((long) WORD.getVolatile(bits, index / Long.SIZE) & 1L << index) != 0;
    }

    /** The slot is in use; called after that was made visible. */
    void set(int slot) {
        if (!has(slots, slot)) {
            WORD.getAndBitwiseOr(slots, slot / Long.SIZE, 1L << slot);
        }
        int word = slot / Long.SIZE;
        if (!has(words, word)) {
            WORD.getAndBitwiseOr(words, word / Long.SIZE, 1L << word);
        }
    }

    /** The slot was found empty by the one who looks, who then looks once more and sets the bit if it is not. */
    void clear(int slot) {
        int word = slot / Long.SIZE;
        long bit = 1L << slot;
        if (((long) WORD.getAndBitwiseAnd(slots, word, ~bit) & ~bit) == 0) {
            Seam.at(Site.WAITER_LOOK);
            WORD.getAndBitwiseAnd(words, word / Long.SIZE, ~(1L << word));
            Seam.at(Site.WAITER_LOOK);
            if ((long) WORD.getVolatile(slots, word) != 0) {
                WORD.getAndBitwiseOr(words, word / Long.SIZE, 1L << word);
            }
        }
    }

    /** The first slot in use from here on, round and round; -1 if there is none. */
    int next(int from) {
        int word = from / Long.SIZE;
        long here = (long) WORD.getVolatile(slots, word);
        long ahead = here & -1L << from;
        if (ahead != 0) {
            return word * Long.SIZE + Long.numberOfTrailingZeros(ahead);
        }
        int other = nextWord(word + 1 & slots.length - 1);
        if (other < 0) {
            return -1;
        }
        long found = (long) WORD.getVolatile(slots, other);
        // Emptied just now: the next one after it is looked for.
        return found != 0 ? other * Long.SIZE + Long.numberOfTrailingZeros(found) : next(other, from);
    }

    private int next(int emptied, int from) {
        for (int step = 1; step <= slots.length; step++) {
            int word = emptied + step & slots.length - 1;
            long found = (long) WORD.getVolatile(slots, word);
            if (found != 0) {
                return word * Long.SIZE + Long.numberOfTrailingZeros(found);
            }
            if (word == from / Long.SIZE) {
                return -1;
            }
        }
        return -1;
    }

    private int nextWord(int from) {
        int first = from / Long.SIZE;
        for (int step = 0; step <= words.length; step++) {
            int at = first + step & words.length - 1;
            long bits = (long) WORD.getVolatile(words, at);
            if (step == 0) {
                bits &= -1L << from;
            }
            if (bits != 0) {
                return at * Long.SIZE + Long.numberOfTrailingZeros(bits);
            }
        }
        return -1;
    }
}
