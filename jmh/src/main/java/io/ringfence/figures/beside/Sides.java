package io.ringfence.figures.beside;

import io.ringfence.figures.dependencies.Chains;
import io.ringfence.figures.dependencies.FanIns;
import io.ringfence.figures.dependencies.Links;
import io.ringfence.figures.limits.CacheLines;
import io.ringfence.figures.limits.Operations;
import io.ringfence.figures.limits.SlotStream;
import io.ringfence.figures.peers.Way;
import io.ringfence.figures.roundtrip.Trips;
import io.ringfence.figures.scheduler.Decisions;
import io.ringfence.figures.stream.Ways;

/** The sides by question and name, each with threads and a device of its own: an idle device would spin beside the others. */
final class Sides {

    private static final int BATCH = 64;
    private static final int TRIPS = 512;
    private static final int LINKS = 1024;
    private static final int FAN_INS = 64;

    private record Peer(Way way, int jobs) implements Side {
        @Override
        public int some() throws InterruptedException {
            way.jobs(jobs);
            return jobs;
        }

        @Override
        public void end() throws InterruptedException {
            way.close();
        }
    }

    private record Linked(Links links) implements Side {
        @Override
        public void prepare() throws InterruptedException {
            links.prepare(LINKS);
        }

        @Override
        public int some() {
            long _ = links.run(LINKS);
            return LINKS;
        }

        @Override
        public void end() throws InterruptedException {
            links.close();
        }
    }

    private record Fanned(FanIns fanIns) implements Side {
        @Override
        public int some() {
            long _ = fanIns.pending(FAN_INS);
            return FAN_INS;
        }

        @Override
        public long without() {
            return fanIns.none(FAN_INS);
        }

        @Override
        public void end() {
            fanIns.close();
        }
    }

    private record Loaded(Decisions decisions) implements Side {
        @Override
        public void prepare() throws InterruptedException {
            decisions.load();
        }

        @Override
        public int some() {
            long _ = decisions.unload();
            return Decisions.JOBS;
        }

        @Override
        public void end() {
            decisions.close();
        }
    }

    private static final class Lines implements Side {
        private final CacheLines lines = new CacheLines();

        Lines() {
            lines.lines = 2;
            lines.open();
        }

        @Override
        public int some() {
            for (int i = 0; i < TRIPS; i++) {
                lines.thereAndBack();
            }
            return TRIPS;
        }

        @Override
        public void end() throws InterruptedException {
            lines.close();
        }
    }

    private record Twelve(Operations operations) implements Side {
        @Override
        public int some() {
            long _ = operations.twelve();
            return Operations.TURNS;
        }

        @Override
        public void end() {
        }
    }

    private static final class Slots implements Side {
        private final SlotStream slots = new SlotStream();

        Slots() {
            slots.open();
        }

        @Override
        public int some() {
            slots.slot();
            return SlotStream.SLOTS;
        }

        @Override
        public void end() throws InterruptedException {
            slots.close();
        }
    }

    private Sides() {
    }

    /** Opens one. */
    static Side open(String question, String name) {
        return switch (name) {
            case "operations" -> new Twelve(new Operations());
            case "lines" -> new Lines();
            case "slots" -> new Slots();
            case "trip" -> new Peer(Trips.open("point"), TRIPS);
            default -> switch (question) {
                case "trip" -> new Peer(Trips.open(name), TRIPS);
                case "chain" -> new Linked(Chains.open(name));
                case "decision" -> new Loaded(Decisions.open(name));
                case "fanin" -> new Fanned(FanIns.open(name));
                case "stream" -> new Peer(Ways.open(name), Ways.JOBS);
                case "batches" -> new Peer(Ways.openBatches(name, BATCH), Ways.JOBS);
                default -> throw new IllegalArgumentException(
                        "question '" + question + "': must be trip, stream, batches, chain, decision or fanin");
            };
        };
    }
}
