package io.ringfence.sim.bench;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What came of a question.
 *
 * @param id          P1 to P11
 * @param work        what was measured
 * @param unit        of the three figures
 * @param ours        our figure
 * @param peer        that of what people use today, or null
 * @param peerName    what that is; empty if there is none
 * @param limit       that of the machine, or null
 * @param peerToOurs  how many times ours the peer is, in the median of the rounds, or null
 * @param oursToLimit how many times the limit ours is, in the median of the rounds, or null
 * @param parts       what the answer should be, and whether it is
 * @param spread      how far our figure went from the lowest to the highest round, in parts of the median; NaN if there was one round only
 * @param series      all that was measured, round for round
 */
public record Answer(String id, String work, String unit, double ours, @Nullable Double peer, String peerName,
        @Nullable Double limit, @Nullable Double peerToOurs, @Nullable Double oursToLimit, List<Part> parts,
        double spread, Map<String, Series> series) {

    static Answer of(Question question, Figures figures) {
        return new Answer(question.name(), question.work, question.unit, figures.of(question.ours),
                question.peer == null ? null : figures.of(question.peer), question.peerName,
                question.limit == null ? null : figures.of(question.limit),
                question.peer == null ? null : figures.ratio(question.peer, question.ours),
                question.limit == null ? null : figures.ratio(question.ours, question.limit), question.parts(figures),
                spread(question, figures.series()), figures.series());
    }

    private static double spread(Question question, Map<String, Series> series) {
        Series ours = series.get(question.ours);
        return ours == null ? Double.NaN : ours.spread();
    }

    /**
     * Whether all parts are met.
     *
     * @return false if one is not
     */
    public boolean met() {
        return parts.stream().allMatch(Part::met);
    }
}
