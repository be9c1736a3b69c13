package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is under the watchdog's eyes. */
class WatchdogTest extends QueueTestBase {

    @Test
    @DisplayName("H16: a queue that could not be noted for want of memory is noted at the next look")
    void noMemoryToNoteIt() {
        List<QueueCore<?>> watched = new ArrayList<>() {
            private static final long serialVersionUID = 1L;
            private int adds;

            @Override
            public boolean add(QueueCore<?> core) {
                if (++adds == 2) {
                    throw new OutOfMemoryError("as if");
                }
                return super.add(core);
            }
        };
        Watchdog watchdog = new Watchdog("scarce", watched);
        List<QueueCore<?>> cores = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            JobQueue<Object> queue = open(new ResettableDevice().ring());
            cores.add(queue.core());
            watchdog.add(queue.core());
        }
        boolean _ = watchdog.work();
        assertThat(watched).containsExactly(cores.getFirst());
        assertThat(watchdog.nanosToWait()).as("it looks again by itself").isPositive();
        assertThat(watchdog.work()).isTrue();
        assertThat(watched).containsExactlyElementsOf(cores);
    }
}
