package io.ringfence.sim.kineto;

/** The one spelling of numbers that traces write in several ways, or not at all. */
final class Normal {

    /** Stands for a device, stream or correlation that was not recorded. */
    static final int NONE = -1;

    private static final long MINUS_ONE_OF_32_BITS = 0xFFFF_FFFFL;

    private Normal() {}

    static int device(long recorded) {
        return recorded >= 0 && recorded <= Integer.MAX_VALUE ? (int) recorded : NONE;
    }

    /** Returns the stream; profilers write "none" as -1 or as the same bits without sign. */
    static long stream(long recorded) {
        return recorded >= 0 && recorded != MINUS_ONE_OF_32_BITS ? recorded : NONE;
    }

    static long correlation(long recorded) {
        return recorded >= 0 ? recorded : NONE;
    }
}
