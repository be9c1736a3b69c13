package io.ringfence.fence;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Knows the sync objects and reservations of the process, as long as somebody else does, so that whoever looks for the reason of a
 * hang finds those that hold pending fences.
 */
final class LiveObjects {

    /** Of many, so many are shown. */
    private static final int SHOWN = 256;

    private static final Set<Reference<Object>> ALL = ConcurrentHashMap.newKeySet();
    private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();

    private LiveObjects() {
    }

    static void add(Object made) {
        for (Reference<?> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
            ALL.remove(gone);
        }
        ALL.add(new WeakReference<>(made, COLLECTED));
    }

    static String dump() {
        StringBuilder text = new StringBuilder();
        int shown = 0;
        int more = 0;
        for (Reference<Object> reference : ALL) {
            String held = describe(reference.get());
            if (held.isEmpty()) {
                continue;
            }
            if (shown++ < SHOWN) {
                text.append(held).append(System.lineSeparator());
            } else {
                more++;
            }
        }
        if (more != 0) {
            text.append("and ").append(more).append(" more sync objects and reservations with pending fences")
                    .append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String describe(@Nullable Object made) {
        return switch (made) {
            case SyncObject object -> object.describePending();
            case Reservation reservation -> reservation.describePending();
            case null, default -> "";
        };
    }
}
