package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.waiting.FifoLock;

/**
 * The fences that a piece of memory is in use by, and what for: the kernel's {@code dma_resv}. Whoever wants to use the memory
 * next finds here what to wait for, and leaves its own fence for those after it.
 *
 * <p>It tells what to wait for, not what to rely on: an entry goes when its fence is signalled, whatever the outcome, and when a
 * later point of the same timeline is added with as strong a usage. Who must know whether content is valid names its fence.
 *
 * <p>Reading needs no lock and always sees one state of the list, never parts of two. Changing it needs the
 * {@link ReservationLocks lock}, which can be taken on many reservations at once in any order.
 */
public final class Reservation {

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final int FIRST_ROOM = 4;
    private static final Entry[] NONE = {};

    private static final VarHandle LIST;

    static {
        try {
            LIST = MethodHandles.lookup().findVarHandle(Reservation.class, "list", Snapshot.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * A fence and what it is there for.
     *
     * @param fence the fence
     * @param usage what for
     */
    public record Entry(Fence fence, Usage usage) {
        /** Checks both. */
        public Entry {
            Objects.requireNonNull(fence, "fence");
            Objects.requireNonNull(usage, "usage");
        }
    }

    /** One state of the list: the first entries of an array that only ever grows behind them. */
    private static final class Snapshot {
        final Entry[] entries;
        final int count;

        Snapshot(Entry[] entries, int count) {
            this.entries = entries;
            this.count = count;
        }
    }

    private final String name;
    private final long number = NUMBERS.incrementAndGet();
    private final FifoLock lock = new FifoLock();
    @SuppressWarnings("UnusedVariable") // read and written through LIST only
    private volatile Snapshot list = new Snapshot(NONE, 0);
    /** States made ahead for the entries to come; the holder of the lock only. */
    private final ArrayList<Snapshot> reserved = new ArrayList<>();

    private Reservation(String name) {
        this.name = name;
        LiveObjects.add(this);
    }

    /**
     * Makes a reservation without fences.
     *
     * @param name what it is called in messages
     * @return a new reservation
     */
    public static Reservation create(String name) {
        return new Reservation(Objects.requireNonNull(name, "name"));
    }

    /**
     * The reservation's name.
     *
     * @return the name given when it was made
     */
    public String name() {
        return name;
    }

    long number() {
        return number;
    }

    FifoLock fifo() {
        return lock;
    }

    private Snapshot listAcquire() {
        return (Snapshot) LIST.getAcquire(this);
    }

    // ---- reading

    /**
     * The entries that are not signalled: those listed at one moment, asked one after the other.
     *
     * @param upTo the usage asked for; entries of all that are listed before it come too
     * @return the entries, in the order in which they were added
     */
    public List<Entry> entries(Usage upTo) {
        Snapshot seen = listAcquire();
        List<Entry> found = new ArrayList<>(seen.count);
        for (int i = 0; i < seen.count; i++) {
            Entry entry = seen.entries[i];
            if (entry.usage.compareTo(upTo) <= 0 && !entry.fence.isDone()) {
                found.add(entry);
            }
        }
        return found;
    }

    /**
     * The fences that are not signalled: those listed at one moment, asked one after the other.
     *
     * @param upTo the usage asked for; fences of all that are listed before it come too
     * @return the fences, in the order in which they were added
     */
    public List<Fence> fences(Usage upTo) {
        return entries(upTo).stream().map(Entry::fence).toList();
    }

    /**
     * One fence for all that are not signalled, to wait for and to name as a dependency.
     *
     * @param upTo the usage asked for; fences of all that are listed before it come too
     * @return a fence; {@link Fences#signalled()} if there is nothing to wait for
     */
    public Fence fence(Usage upTo) {
        return Fences.allOf(fences(upTo));
    }

    /**
     * Whether everything is signalled.
     *
     * @param upTo the usage asked for; fences of all that are listed before it count too
     * @return true if there is nothing to wait for
     */
    public boolean isDone(Usage upTo) {
        Snapshot seen = listAcquire();
        for (int i = 0; i < seen.count; i++) {
            if (seen.entries[i].usage.compareTo(upTo) <= 0 && !seen.entries[i].fence.isDone()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Waits until everything that is there now is signalled.
     *
     * @param upTo    the usage asked for; fences of all that are listed before it count too
     * @param timeout the longest wait; zero or less only looks
     * @return whether it is
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public boolean await(Usage upTo, Duration timeout) throws InterruptedException {
        return Fences.awaitAll(fences(upTo), timeout);
    }

    /**
     * Tells the producers by when everything is wanted.
     *
     * @param upTo     the usage asked for; fences of all that are listed before it are told too
     * @param nanoTime the moment, on the scale of {@link System#nanoTime()}
     */
    public void hintDeadline(Usage upTo, long nanoTime) {
        fences(upTo).forEach(fence -> fence.hintDeadline(nanoTime));
    }

    // ---- changing; the holder of the lock only

    /** Makes room for entries, so that adding them cannot fail; drops what is signalled or was followed by its like. */
    void reserve(int more) {
        Snapshot present = listAcquire();
        Entry[] kept = new Entry[roomFor(present.count, more)];
        int count = 0;
        BitSet needed = needed(present);
        for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
            kept[count++] = present.entries[i];
        }
        publish(kept, count, more);
    }

    /** Shows a new array to readers, and makes the states ahead that adding to it will show. */
    private void publish(Entry[] entries, int count, int room) {
        List<Snapshot> ahead = new ArrayList<>(room);
        for (int i = count + room; i > count; i--) {
            ahead.add(new Snapshot(entries, i));
        }
        Snapshot next = new Snapshot(entries, count);
        reserved.clear();
        reserved.addAll(ahead);
        LIST.setRelease(this, next);
    }

    /** The pending entries that no later one covers: a later point of the same timeline, with a usage as strong. */
    private static BitSet needed(Snapshot present) {
        BitSet needed = new BitSet(present.count);
        Map<Long, Entry> later = new LinkedHashMap<>();
        for (int i = present.count - 1; i >= 0; i--) {
            Entry entry = present.entries[i];
            if (entry.fence.isDone()) {
                continue;
            }
            long timeline = entry.fence.timelineId();
            Entry above = timeline == Fence.NO_TIMELINE ? null : later.get(timeline);
            if (above == null || above.fence.order() < entry.fence.order() || above.usage.compareTo(entry.usage) > 0) {
                needed.set(i);
                later.put(timeline, entry);
            }
        }
        return needed;
    }

    private static int roomFor(int present, int more) {
        return Math.max(FIRST_ROOM, Math.addExact(present, more));
    }

    /** How many entries can be added. */
    int room() {
        return reserved.size();
    }

    void add(Entry entry) {
        if (reserved.isEmpty()) {
            throw new IllegalStateException("no room was reserved in " + name + ": reserve(1) or more first");
        }
        Snapshot next = reserved.removeLast();
        next.entries[next.count - 1] = entry;
        LIST.setRelease(this, next);
    }

    /** Puts one fence in place of every entry of another, or of its timeline; the room that was reserved stays. */
    int replace(Fence old, Fence fence, Usage usage) {
        Snapshot present = listAcquire();
        Entry[] changed =
                Arrays.copyOf(present.entries, Math.max(present.entries.length, roomFor(present.count, room())));
        Entry entry = new Entry(fence, usage);
        int replaced = 0;
        int count = 0;
        for (int i = 0; i < present.count; i++) {
            boolean same = isSame(present.entries[i].fence, old);
            if (!same || replaced == 0) {
                changed[count++] = same ? entry : present.entries[i];
            }
            replaced += same ? 1 : 0;
        }
        if (replaced != 0) {
            publish(changed, count, room());
        }
        return replaced;
    }

    private static boolean isSame(Fence entry, Fence old) {
        return entry == old || old.timelineId() != Fence.NO_TIMELINE && entry.timelineId() == old.timelineId();
    }

    /** Takes back what was reserved and not used. */
    void unreserve() {
        reserved.clear();
    }

    /** What it holds that is pending, for people; empty if there is nothing. */
    String describePending() {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries(Usage.BOOKKEEP)) {
            text.append(text.isEmpty() ? this + ": " : ", ").append(entry.usage).append(' ').append(entry.fence);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return "reservation " + name;
    }
}
