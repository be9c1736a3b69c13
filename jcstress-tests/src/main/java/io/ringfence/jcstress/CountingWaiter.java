package io.ringfence.jcstress;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.waiting.Waiter;

/** A waiter that counts how often it fires; read by the arbiter, after both actors. */
final class CountingWaiter extends Waiter {

    int fired;

    @Override
    protected Deferred fired() {
        fired++;
        return null;
    }
}
