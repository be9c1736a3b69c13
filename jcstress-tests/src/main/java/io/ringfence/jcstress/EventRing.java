package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicLong;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Event / reader: each event is read once, whoever asks for a look, and none is left because somebody was inside. A model of
 * {@code Events.write} with the interrupt line, and of {@code EventReader.read}; the other reader is somebody who looks at the device.
 */
public final class EventRing {

    /** Two entries: what an event says, and its stamp. */
    private static final int CONTENT = 0;
    private static final int STAMP = 2;
    private static final int READ = 4;

    private EventRing() {
    }

    private abstract static class Ring {

        final TinyMemory memory = new TinyMemory(5);
        final AtomicLong asked = new AtomicLong();
        long read;
        long contents;

        abstract void read();

        final void raise(int entry) {
            memory.longPlain(CONTENT + entry, entry + 1);
            memory.longRelease(STAMP + entry, entry + 1);
            read();
        }

        final void readAll() {
            while (read < 2 && memory.longAcquire(STAMP + (int) read) == read + 1) {
                contents += memory.longPlain(CONTENT + (int) read);
                read++;
                memory.longRelease(READ, read);
            }
        }
    }

    /** Who comes while another one reads is counted, and makes that one look again. */
    @JCStressTest
    @Outcome(id = "2, 3", expect = ACCEPTABLE, desc = "Both events were read, once each.")
    @Outcome(expect = FORBIDDEN, desc = "An event was left, or read twice, or before it was complete.")
    @State
    public static class CountsThoseWhoAsk extends Ring {

        @Override
        void read() {
            if (asked.getAndIncrement() != 0) {
                return;
            }
            long seen = 1;
            do {
                readAll();
                seen = asked.addAndGet(-seen);
            } while (seen != 0);
        }

        @Actor
        public void firmware() {
            raise(0);
            raise(1);
        }

        @Actor
        public void watcher() {
            read();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = read;
            result.r2 = contents;
        }
    }

    /** Who comes while another one reads goes away. */
    @JCStressTest
    @Outcome(id = "2, 3", expect = ACCEPTABLE, desc = "Both events were read, once each.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING,
            desc = "The watcher had looked and not left yet: the second event was raised, and nobody read it.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "The same with both.")
    @Outcome(expect = FORBIDDEN, desc = "An event was read twice, or before it was complete.")
    @State
    public static class SkipsWhenInside extends Ring {

        @Override
        void read() {
            if (asked.compareAndSet(0, 1)) {
                readAll();
                asked.set(0);
            }
        }

        @Actor
        public void firmware() {
            raise(0);
            raise(1);
        }

        @Actor
        public void watcher() {
            read();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = read;
            result.r2 = contents;
        }
    }
}
