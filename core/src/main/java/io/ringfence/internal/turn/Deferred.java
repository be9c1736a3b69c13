package io.ringfence.internal.turn;

import org.jspecify.annotations.Nullable;

/**
 * Something to be done after the turn that brought it about was left: a turn to take, a waiter to fire.
 *
 * <p>Deferred work hangs in singly linked chains through {@link #next}, so that putting it aside allocates nothing. A
 * chain belongs to one thread at a time; handing it on needs a release and an acquire.
 */
public abstract class Deferred {

    /** How many items a borrowed thread works off before it looks for a thread of the runtime to go on. */
    private static final int BORROWED_ITEMS = 4096;

    private @Nullable Deferred next;

    /** For subclasses. */
    protected Deferred() {
    }

    /**
     * The rest of the chain.
     *
     * @return the next item, or null at the end
     */
    public final @Nullable Deferred next() {
        return next;
    }

    /**
     * Sets the rest of the chain; only the owner of the chain may.
     *
     * @param rest the next item, or null at the end
     */
    public final void next(@Nullable Deferred rest) {
        next = rest;
    }

    /**
     * Does it. Called once per time that it was put into a chain, on a thread that holds no turn. Throws nothing.
     *
     * @return a chain of work that arose meanwhile, or null
     */
    protected abstract @Nullable Deferred perform();

    /**
     * Offers a chain that begins with this item to a thread of the runtime it belongs to.
     *
     * @param chain the chain, beginning with this item
     * @return whether it was taken; if not, the caller goes on itself
     */
    protected boolean handOver(Deferred chain) {
        return false;
    }

    /**
     * Whether performing this may block, so that nothing should have to wait behind it.
     *
     * @return false unless overridden
     */
    protected boolean blocking() {
        return false;
    }

    /**
     * Works off a chain: at once, or, when the calling thread is inside a turn or user code, after that was left.
     *
     * <p>What arises is appended, so any number of queues that wake each other use constant stack. On a borrowed thread
     * the work is bounded: after some thousand items the rest is handed to a runtime.
     *
     * @param chain the chain, or null for nothing
     */
    public static void run(@Nullable Deferred chain) {
        if (chain == null || UserCode.defer(chain)) {
            return;
        }
        drain(chain);
    }

    private static void drain(Deferred chain) {
        @Nullable
        Deferred head = chain;
        // Where to begin looking for the end of the chain; never an item that was already taken off.
        @Nullable
        Deferred nearEnd = chain;
        int items = 0;
        while (head != null) {
            Deferred item = head;
            if (++items > BORROWED_ITEMS) {
                items = 0;
                if (item.handOver(item)) {
                    return;
                }
            }
            head = item.next;
            item.next = null;
            if (item == nearEnd) {
                nearEnd = head;
            }
            if (head != null && item.blocking() && item.handOver(item)) {
                continue;
            }
            Deferred arisen = performed(item);
            if (arisen != null) {
                if (head == null || nearEnd == null) {
                    head = arisen;
                } else {
                    last(nearEnd).next = arisen;
                }
                nearEnd = arisen;
            }
        }
    }

    private static @Nullable Deferred performed(Deferred item) {
        try {
            return item.perform();
        } catch (Throwable broken) {
            // Nothing performed here should throw; if it does, the others in the chain must not suffer.
            report(item, broken);
            return null;
        }
    }

    static void report(Deferred item, Throwable broken) {
        try {
            System.getLogger("io.ringfence.queue").log(System.Logger.Level.ERROR, item + " failed", broken);
        } catch (Throwable ignored) {
            // The logger is foreign code; there is nobody else to tell.
            return;
        }
    }

    /**
     * Appends one chain to another.
     *
     * @param first  the chain to come first, or null
     * @param second the chain to come second, or null
     * @return the joined chain, or null if both are
     */
    public static @Nullable Deferred join(@Nullable Deferred first, @Nullable Deferred second) {
        if (first == null) {
            return second;
        }
        if (second != null) {
            last(first).next = second;
        }
        return first;
    }

    static Deferred last(Deferred from) {
        Deferred item = from;
        for (Deferred rest = item.next; rest != null; rest = item.next) {
            item = rest;
        }
        return item;
    }

    /**
     * Turns a chain round.
     *
     * @param chain the chain, or null
     * @return the same items in the opposite order
     */
    public static @Nullable Deferred reverse(@Nullable Deferred chain) {
        Deferred done = null;
        Deferred rest = chain;
        while (rest != null) {
            Deferred item = rest;
            rest = item.next;
            item.next = done;
            done = item;
        }
        return done;
    }
}
