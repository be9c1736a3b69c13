package io.ringfence.internal.turn;

import org.jspecify.annotations.Nullable;

/** Puts chains one behind the other without walking them again. One thread. */
public final class DeferredList {

    private @Nullable Deferred first;
    private @Nullable Deferred last;

    /** Makes an empty list. */
    public DeferredList() {
    }

    /**
     * Appends a chain whose end is known.
     *
     * @param chain its first item
     * @param end   its last item
     */
    public void append(Deferred chain, Deferred end) {
        if (last == null) {
            first = chain;
        } else {
            last.next(chain);
        }
        last = end;
    }

    /**
     * Appends a chain; walks it once.
     *
     * @param chain its first item, or null
     */
    public void append(@Nullable Deferred chain) {
        if (chain != null) {
            append(chain, Deferred.last(chain));
        }
    }

    /**
     * The last item.
     *
     * @return the item, or null if the list is empty
     */
    public @Nullable Deferred last() {
        return last;
    }

    /**
     * What was appended since an item was the last one; it stays in the list.
     *
     * @param item what {@link #last()} was then
     * @return the chain behind it, or null
     */
    public @Nullable Deferred behind(@Nullable Deferred item) {
        return item == null ? first : item.next();
    }

    /**
     * Takes out what was appended since an item was the last one.
     *
     * @param item what {@link #last()} was then
     * @return the chain behind it, or null
     */
    public @Nullable Deferred takeBehind(@Nullable Deferred item) {
        if (item == null) {
            return take();
        }
        Deferred chain = item.next();
        item.next(null);
        last = item;
        return chain;
    }

    /**
     * Takes everything out.
     *
     * @return the whole chain, or null
     */
    public @Nullable Deferred take() {
        Deferred all = first;
        if (all != null) {
            first = null;
            last = null;
        }
        return all;
    }
}
