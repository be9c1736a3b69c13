package io.ringfence.jcstress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A few words with the accessors of {@code io.ringfence.sim.layout.SharedMemory}, for models of the firmware ring. */
final class TinyMemory {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    /** The words of the ring that two sides write lie on lines of their own. */
    private static final int LINE = 16;

    private final long[] words;

    TinyMemory(int count) {
        words = new long[count * LINE];
    }

    long longPlain(int word) {
        return words[word * LINE];
    }

    void longPlain(int word, long value) {
        words[word * LINE] = value;
    }

    long longAcquire(int word) {
        return (long) WORD.getAcquire(words, word * LINE);
    }

    void longRelease(int word, long value) {
        WORD.setRelease(words, word * LINE, value);
    }

    long longVolatile(int word) {
        return (long) WORD.getVolatile(words, word * LINE);
    }

    void longVolatile(int word, long value) {
        WORD.setVolatile(words, word * LINE, value);
    }

    void orLong(int word, long bits) {
        long _ = (long) WORD.getAndBitwiseOr(words, word * LINE, bits);
    }

    long takeLong(int word) {
        return (long) WORD.getAndSet(words, word * LINE, 0L);
    }
}
