package io.ringfence.sim.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What was counted, by all threads. */
final class Ledger {

    private static final int REMEMBERED = 40;

    final LongAdder jobs = new LongAdder();
    final LongAdder traced = new LongAdder();
    final LongAdder ok = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder runTwice = new LongAdder();
    final LongAdder unsignaled = new LongAdder();
    final LongAdder orderViolations = new LongAdder();
    final LongAdder hangs = new LongAdder();
    final LongAdder resets = new LongAdder();
    final LongAdder replayed = new LongAdder();
    final LongAdder victims = new LongAdder();
    final LongAdder kills = new LongAdder();
    final LongAdder bans = new LongAdder();
    final LongAdder cancels = new LongAdder();
    final LongAdder closes = new LongAdder();
    final LongAdder devicesLost = new LongAdder();
    private final List<String> wrong = new ArrayList<>();

    /** Something that must not be; the first of them are told in words. */
    void violation(LongAdder counter, String what) {
        violation(counter, 1, what);
    }

    /** Something that must not be, found several times in one place, which is told once. */
    void violation(LongAdder counter, int times, String what) {
        counter.add(times);
        synchronized (wrong) {
            if (wrong.size() < REMEMBERED) {
                wrong.add(what);
            }
        }
    }

    SoakResult result(double seconds) {
        List<String> said;
        synchronized (wrong) {
            said = List.copyOf(wrong);
        }
        return new SoakResult(seconds, jobs.sum(), traced.sum(), ok.sum(), lost.sum(), runTwice.sum(), unsignaled.sum(),
                orderViolations.sum(), hangs.sum(), resets.sum(), replayed.sum(), victims.sum(), kills.sum(),
                bans.sum(), cancels.sum(), closes.sum(), devicesLost.sum(), said);
    }
}
