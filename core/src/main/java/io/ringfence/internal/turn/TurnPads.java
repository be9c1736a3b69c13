package io.ringfence.internal.turn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Keeps what lies before a turn's counter 128 bytes away from it. Longs: HotSpot fills gaps with smaller fields. */
@SuppressWarnings("unused") // padding
abstract class TurnPadBefore extends Deferred {
    long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p0a, p0b, p0c, p0d, p0e, p0f;
}

/** The counter: how much news has come since the turn was last left, 0 if nobody is inside. */
abstract class TurnCounter extends TurnPadBefore {

    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(TurnCounter.class, "count", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read and written through COUNT only
    private volatile long count;

    final long countOpaque() {
        return (long) COUNT.getOpaque(this);
    }

    final long getAndAddCount(long delta) {
        return (long) COUNT.getAndAdd(this, delta);
    }

    final boolean compareAndSetCount(long expected, long value) {
        return COUNT.compareAndSet(this, expected, value);
    }
}

/** Keeps the fields of the holder 128 bytes away from the counter that everybody hits. */
@SuppressWarnings("unused") // padding
abstract class TurnPadAfter extends TurnCounter {
    long p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p1a, p1b, p1c, p1d, p1e, p1f;
}
