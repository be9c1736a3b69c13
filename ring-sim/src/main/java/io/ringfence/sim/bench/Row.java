package io.ringfence.sim.bench;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * An answer in a table.
 *
 * @param cells one for each of {@link #HEADS}
 */
public record Row(List<String> cells) {

    /** What stands above the cells. */
    public static final List<String> HEADS =
            List.of("", "work", "ours", "unit", "peer", "limit", "peer/ours", "ours/limit", "spread", "met");

    /**
     * Makes one.
     *
     * @param answer the answer
     * @return its row
     */
    public static Row of(Answer answer) {
        Double peer = answer.peer();
        return new Row(List.of(answer.id(), answer.work(), figure(answer.ours()), answer.unit(),
                peer == null ? "" : figure(peer) + " " + answer.peerName(), figure(answer.limit()),
                ratio(answer.peerToOurs()), ratio(answer.oursToLimit()),
                Double.isNaN(answer.spread()) ? "-" : String.format(Locale.ROOT, "%.0f %%", 100 * answer.spread()),
                answer.met() ? "yes" : "no"));
    }

    private static String ratio(@Nullable Double ratio) {
        return ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio);
    }

    /** Some three digits, and not more than one behind the point. */
    static String figure(@Nullable Double figure) {
        return figure == null ? "" : String.format(Locale.ROOT, Math.abs(figure) < 100 ? "%.1f" : "%,.0f", figure);
    }

    /**
     * A part of a target in words.
     *
     * @param part the part
     * @return its name and both figures
     */
    public static String text(Part part) {
        return part.name() + ": " + fine(part.ours()) + ", target " + fine(part.target());
    }

    /** Bounds of ratios have two digits behind the point. */
    private static String fine(double figure) {
        return Math.abs(figure) < 10 ? ratio(figure) : figure(figure);
    }
}
