package io.ringfence.sim.perfetto;

import java.util.HashMap;
import java.util.Map;

import io.ringfence.sim.drm.DrmEvents;

import org.jspecify.annotations.Nullable;

/** The way from a trace to its ftrace events: packets, bundles, events, fields. */
final class TraceMessage implements Message {

    private final Message packet = new Message() {
        @Override
        public @Nullable Message message(String name) {
            return name.equals("ftrace_events") ? bundle : SKIPPED;
        }
    };

    private final Message bundle = new Message() {
        @Override
        public @Nullable Message message(String name) {
            return name.equals("event") ? event : SKIPPED;
        }
    };

    private final EventMessage event;

    TraceMessage(DrmEvents events, PacketTally tally) {
        event = new EventMessage(events, tally);
    }

    @Override
    public @Nullable Message message(String name) {
        return name.equals("packet") ? packet : SKIPPED;
    }

    /** One event: a time, a process, and what happened. */
    private static final class EventMessage implements Message {
        private final DrmEvents events;
        private final PacketTally tally;
        private final Map<String, Long> numbers = new HashMap<>();
        private final Map<String, String> texts = new HashMap<>();
        private String what = "";
        private long time = PerfettoEvents.ABSENT;
        private long pid;
        private final Message fields = new Message() {
            @Override
            public void number(String name, long value) {
                numbers.put(name, value);
            }

            @Override
            public void text(String name, String value) {
                texts.put(name, value);
            }
        };

        private EventMessage(DrmEvents events, PacketTally tally) {
            this.events = events;
            this.tally = tally;
        }

        @Override
        public @Nullable Message message(String name) {
            what = name;
            if (PerfettoEvents.knows(name)) {
                return fields;
            }
            return SKIPPED;
        }

        @Override
        public void number(String name, long value) {
            if (name.equals("timestamp")) {
                time = value;
            } else if (name.equals("pid")) {
                pid = value;
            }
        }

        @Override
        public void end() {
            if (!PerfettoEvents.knows(what)) {
                tally.other(what);
            } else if (time == PerfettoEvents.ABSENT) {
                tally.broken(what + " without timestamp");
            } else {
                String missing = PerfettoEvents.tell(events, what, time, pid, numbers, texts);
                if (missing != null) {
                    tally.broken(what + " without " + missing);
                }
            }
            numbers.clear();
            texts.clear();
            what = "";
            time = PerfettoEvents.ABSENT;
            pid = 0;
        }
    }
}
