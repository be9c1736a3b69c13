package io.ringfence.scheduler;

import java.util.Arrays;
import java.util.Comparator;

import org.jspecify.annotations.Nullable;

/**
 * Entities in an order, the first at hand: a binary heap that knows where each stands, so that one in the middle can be taken out.
 * Everything costs the logarithm of their number and allocates nothing but a larger array. One thread's.
 */
final class EntityHeap {

    private final int index;
    private final Comparator<EntityCore<?>> order;
    private @Nullable EntityCore<?>[] heap = new EntityCore<?>[16];
    private int size;

    /**
     * Makes an empty heap.
     *
     * @param index which of the places of an entity this heap keeps
     * @param order the order
     */
    EntityHeap(int index, Comparator<EntityCore<?>> order) {
        this.index = index;
        this.order = order;
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
            heap = Arrays.copyOf(heap, 2 * size);
        }
        up(size++, entity);
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
            down(at, last);
            if (heap[at] == last) {
                up(at, last);
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

    private void put(int at, EntityCore<?> entity) {
        heap[at] = entity;
        entity.places[index] = at;
    }

    private void up(int from, EntityCore<?> entity) {
        int at = from;
        while (at > 0) {
            EntityCore<?> parent = get((at - 1) / 2);
            if (order.compare(entity, parent) >= 0) {
                break;
            }
            put(at, parent);
            at = (at - 1) / 2;
        }
        put(at, entity);
    }

    private void down(int from, EntityCore<?> entity) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && order.compare(get(child + 1), get(child)) < 0) {
                child++;
            }
            if (order.compare(get(child), entity) >= 0) {
                break;
            }
            put(at, get(child));
            at = child;
        }
        put(at, entity);
    }
}
