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

    /** How many prompt items are done one after the other while others wait. */
    private static final int IN_ROW = 64;

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
    public boolean blocking() {
        return false;
    }

    /**
     * Works off a chain: at once, or, when the calling thread is inside a turn or user code, after that was left. Turns that were
     * entered come first, within a bound, then the others in their order.
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

    /**
     * Whether this is done before anybody's code: a turn that has been entered, so that nobody else gets in until it is performed,
     * or what is as short.
     *
     * @return false unless overridden
     */
    protected boolean isPrompt() {
        return false;
    }

    /** Works off a chain; most often it is one turn, and nothing comes of it. */
    static void drain(Deferred chain) {
        drainArisen(chain.next == null ? performed(chain) : chain);
    }

    /** Works off what came of something that was performed: while that is one item, nothing comes before anything else. */
    static void drainArisen(@Nullable Deferred arisen) {
        Deferred rest = arisen;
        for (int items = 0; rest != null; items++) {
            if (rest.next != null || items == IN_ROW) {
                drainLists(rest);
                return;
            }
            rest = performed(rest);
        }
    }

    /** Works off two lists, what is prompt before the rest; longer than others, for it must not allocate. */
    private static void drainLists(Deferred chain) {
        @Nullable
        Deferred prompt = null;
        @Nullable
        Deferred lastPrompt = null;
        @Nullable
        Deferred others = null;
        @Nullable
        Deferred lastOther = null;
        @Nullable
        Deferred arisen = chain;
        int inRow = 0;
        for (int items = 1;; items++) {
            while (arisen != null) {
                Deferred rest = arisen.next;
                arisen.next = null;
                if (arisen.isPrompt()) {
                    prompt = lastPrompt == null ? arisen : prompt;
                    append(lastPrompt, arisen);
                    lastPrompt = arisen;
                } else {
                    others = lastOther == null ? arisen : others;
                    append(lastOther, arisen);
                    lastOther = arisen;
                }
                arisen = rest;
            }
            if (prompt != null && others != null && ++inRow > IN_ROW) {
                // Turns that go on and on do not keep the others waiting, nor the others them, if somebody else takes the turns.
                inRow = 0;
                if (prompt.handOver(prompt)) {
                    prompt = null;
                    lastPrompt = null;
                }
            }
            Deferred item = prompt != null && (inRow != 0 || others == null) ? prompt : others;
            if (item == null) {
                return;
            }
            if (item == prompt) {
                prompt = item.next;
                lastPrompt = prompt == null ? null : lastPrompt;
            } else {
                inRow = 0;
                others = item.next;
                lastOther = others == null ? null : lastOther;
            }
            item.next = null;
            if (items > BORROWED_ITEMS) {
                items = 0;
                item.next = prompt != null ? prompt : others;
                append(lastPrompt, others);
                if (item.handOver(item)) {
                    return;
                }
                item.next = null;
                append(lastPrompt, null);
            }
            if ((prompt != null || others != null) && item.blocking() && item.handOver(item)) {
                continue;
            }
            arisen = performed(item);
        }
    }

    private static void append(@Nullable Deferred last, @Nullable Deferred rest) {
        if (last != null) {
            last.next = rest;
        }
    }

    static @Nullable Deferred performed(Deferred item) {
        try {
            return item.perform();
        } catch (Throwable broken) {
            // Nothing performed here should throw; if it does, the others in the chain must not suffer.
            report(item, broken);
            return null;
        }
    }

    /**
     * Logs what should not have been thrown.
     *
     * @param item   what threw it
     * @param broken what it threw
     */
    protected static void report(Deferred item, Throwable broken) {
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
