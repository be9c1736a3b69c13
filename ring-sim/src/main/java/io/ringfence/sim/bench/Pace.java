package io.ringfence.sim.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** Whether there is time for another round, by what each question took last. One thread. */
final class Pace {

    private final long bound;
    private final Map<Question, Long> last = new EnumMap<>(Question.class);
    private long spent;

    /** For a run that may take so long, whatever it does besides. */
    Pace(Duration bound) {
        this.bound = bound.toNanos();
    }

    /** A question was asked, and took so long. */
    void took(Question question, long nanos) {
        last.put(question, nanos);
        spent += nanos;
    }

    /** Whether these can be asked once more; what was not asked yet counts as nothing. */
    boolean hasTimeFor(Collection<Question> questions) {
        return spent + questions.stream().mapToLong(question -> last.getOrDefault(question, 0L)).sum() <= bound;
    }
}
