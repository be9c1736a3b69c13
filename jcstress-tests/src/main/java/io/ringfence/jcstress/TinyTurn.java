package io.ringfence.jcstress;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;

/** A turn that only works. */
abstract class TinyTurn extends Turn {

    @Override
    protected Deferred left(int report) {
        return null;
    }

    @Override
    protected Deferred takeAfter() {
        return null;
    }
}
