package io.ringfence.scheduler;

import java.util.Arrays;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

/**
 * Entities in an order, the first at hand: a binary heap that knows where each stands, so that one in the middle can be taken out.
 * Everything costs the logarithm of their number and allocates nothing but a larger array. One thread's.
 *
 * <p>What they are ordered by stands beside them: of the entities that are passed on the way, which are many and cold, nothing is read. It
 * is taken when one is put in, and must not change while it is here.
 */
final class EntityHeap {

    /** One more than there are, so that those of two children lie together. */
    private static final int KEYS = 4;
    private static final int RANK = 1;
    private static final int ARRIVAL = 2;

    private final int index;
    private final ToIntFunction<EntityCore<?>> level;
    private @Nullable EntityCore<?>[] heap = new EntityCore<?>[16];
    /** Of each its level, its rank and its arrival. */
    private long[] keys = new long[16 * KEYS];
    private int size;

    /**
     * Makes an empty heap.
     *
     * @param index which of the places of an entity this heap keeps
     * @param level what comes before the rank of an entity
     */
    EntityHeap(int index, ToIntFunction<EntityCore<?>> level) {
        this.index = index;
        this.level = level;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    boolean contains(EntityCore<?> entity) {
        int at = entity.places[index];
        return at >= 0 && at < size && heap[at] == entity;
    }

    /** The first, or null. */
    @Nullable
    EntityCore<?> first() {
        return size == 0 ? null : heap[0];
    }

    void add(EntityCore<?> entity) {
        if (size == heap.length) {
            keys = Arrays.copyOf(keys, 2 * size * KEYS);
            heap = Arrays.copyOf(heap, 2 * size);
        }
        up(size++, entity, level.applyAsInt(entity), entity.rank, entity.arrival);
    }

    void remove(EntityCore<?> entity) {
        if (!contains(entity)) {
            return;
        }
        int at = entity.places[index];
        EntityCore<?> last = get(--size);
        heap[size] = null;
        entity.places[index] = -1;
        if (last != entity) {
            long first = keys[size * KEYS];
            long rank = keys[size * KEYS + RANK];
            long arrival = keys[size * KEYS + ARRIVAL];
            down(at, last, first, rank, arrival);
            if (heap[at] == last) {
                up(at, last, first, rank, arrival);
            }
        }
    }

    private EntityCore<?> get(int at) {
        EntityCore<?> entity = heap[at];
        if (entity == null) {
            throw new IllegalStateException("nothing at " + at + " of " + size);
        }
        return entity;
    }

    private void move(int from, int to) {
        EntityCore<?> entity = get(from);
        heap[to] = entity;
        entity.places[index] = to;
        System.arraycopy(keys, from * KEYS, keys, to * KEYS, KEYS);
    }

    private void put(int at, EntityCore<?> entity, long first, long rank, long arrival) {
        heap[at] = entity;
        entity.places[index] = at;
        keys[at * KEYS] = first;
        keys[at * KEYS + RANK] = rank;
        keys[at * KEYS + ARRIVAL] = arrival;
    }

    /** Whether what stands somewhere comes after given keys. */
    private boolean isAfter(int at, long first, long rank, long arrival) {
        int key = at * KEYS;
        if (keys[key] != first) {
            return keys[key] > first;
        }
        return keys[key + RANK] != rank ? keys[key + RANK] > rank : keys[key + ARRIVAL] > arrival;
    }

    private void up(int from, EntityCore<?> entity, long first, long rank, long arrival) {
        int at = from;
        while (at > 0 && isAfter((at - 1) / 2, first, rank, arrival)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        put(at, entity, first, rank, arrival);
    }

    private void down(int from, EntityCore<?> entity, long first, long rank, long arrival) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            int key = (child + 1) * KEYS;
            if (child + 1 < size && isAfter(child, keys[key], keys[key + RANK], keys[key + ARRIVAL])) {
                child++;
            }
            if (isAfter(child, first, rank, arrival)) {
                break;
            }
            move(child, at);
            at = child;
        }
        put(at, entity, first, rank, arrival);
    }
}
