package io.ringfence.sim.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Says when the faults of a plan strike. Asked by one thread, the firmware's; how often each has struck may be read by
 * any. The same questions in the same order get the same answers.
 *
 * <p>Each fault counts its chances and rolls its dice whether or not another strikes, so none disturbs another. Of
 * those of one kind that are due at the same chance, the first in the plan strikes; the others have missed that chance,
 * which does not count against their {@code times}.
 */
public final class FaultDice {

    /**
     * How often a fault has struck.
     *
     * @param fault the fault
     * @param count 0 or more
     */
    public record Struck(Fault fault, long count) {
    }

    private final List<Fault> faults;
    /** Has no entry for a kind without faults. */
    private final Map<FaultKind, Die[]> byKind = new EnumMap<>(FaultKind.class);
    /** Opaque: each is a number by itself, from which nothing else follows. */
    private final AtomicLongArray struck;

    /**
     * Takes up a plan.
     *
     * @param plan what is to go wrong
     */
    public FaultDice(FaultPlan plan) {
        faults = plan.faults();
        struck = new AtomicLongArray(faults.size());
        List<Die> dice = new ArrayList<>();
        SplittableRandom root = new SplittableRandom(plan.seed());
        for (Fault fault : faults) {
            // Every fault takes one, so that no change of a fault changes what the others roll.
            dice.add(new Die(fault, dice.size(), root.split()));
        }
        dice.stream().collect(Collectors.groupingBy(die -> die.fault.kind()))
                .forEach((kind, those) -> byKind.put(kind, those.toArray(Die[]::new)));
    }

    /**
     * Asks whether something goes wrong now; a chance for every fault of that kind that concerns the ring. A fault that
     * concerns one kind of request has none.
     *
     * @param kind  what could go wrong
     * @param ring  on which ring
     * @param seqno to which command, or 0 if there is none
     * @return the fault that strikes, or null
     */
    public @Nullable Fault strikes(FaultKind kind, int ring, long seqno) {
        Die[] dice = byKind.get(kind);
        return dice == null ? null : roll(dice, ring, seqno, null);
    }

    /**
     * Asks whether a request goes wrong now; a chance for every fault of that kind that concerns the ring and the
     * request.
     *
     * @param kind    what could go wrong
     * @param ring    on which ring
     * @param request one of {@link Fault#REQUESTS}
     * @return the fault that strikes, or null
     * @throws IllegalArgumentException if there is no such request
     */
    public @Nullable Fault strikesRequest(FaultKind kind, int ring, String request) {
        if (!Fault.REQUESTS.contains(request)) {
            throw FaultKey.REQUEST.refusal(kind, request);
        }
        Die[] dice = byKind.get(kind);
        return dice == null ? null : roll(dice, ring, 0, request);
    }

    private @Nullable Fault roll(Die[] dice, int ring, long seqno, @Nullable String request) {
        Die first = null;
        for (Die die : dice) {
            if (die.concerns(ring, request) && die.isDue(seqno) && first == null) {
                first = die;
            }
        }
        if (first == null) {
            return null;
        }
        first.struck++;
        struck.setOpaque(first.index, first.struck);
        return first.fault;
    }

    /**
     * How often a fault has struck. Any thread.
     *
     * @param fault one of the plan
     * @return 0 or more; of equal faults together
     * @throws IllegalArgumentException if it is not in the plan
     */
    public long struck(Fault fault) {
        if (!faults.contains(fault)) {
            throw new IllegalArgumentException("fault '" + fault + "': must be one of the plan's");
        }
        long sum = 0;
        for (int i = 0; i < faults.size(); i++) {
            if (faults.get(i).equals(fault)) {
                sum += struck.getOpaque(i);
            }
        }
        return sum;
    }

    /**
     * How often each fault has struck. Any thread.
     *
     * @return the faults in the order of the plan
     */
    public List<Struck> struck() {
        List<Struck> all = new ArrayList<>(faults.size());
        for (int i = 0; i < faults.size(); i++) {
            all.add(new Struck(faults.get(i), struck.getOpaque(i)));
        }
        return List.copyOf(all);
    }

    /** A fault and where it stands. Used by the one thread that asks. */
    private static final class Die {

        final Fault fault;
        final int index;
        long struck;
        private final SplittableRandom random;
        private final long limit;
        private long chances;

        Die(Fault fault, int index, SplittableRandom random) {
            this.fault = fault;
            this.index = index;
            this.random = random;
            limit = fault.limit();
        }

        boolean concerns(int ring, @Nullable String request) {
            String only = fault.request();
            return (fault.ring() == Fault.ANY_RING || fault.ring() == ring) && (only == null || only.equals(request));
        }

        /** Counts a chance, and says whether the fault would strike if it were alone. */
        boolean isDue(long seqno) {
            chances++;
            if (chances <= fault.after() || struck >= limit) {
                return false;
            }
            if (fault.seqno() != 0) {
                return fault.seqno() == seqno;
            }
            if (fault.every() != 0) {
                return (chances - fault.after()) % fault.every() == 0;
            }
            return fault.rate() == 0 || random.nextDouble() < fault.rate();
        }
    }
}
