package io.ringfence.sim.explore;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** Repeats a schedule, or part of it: what was chosen there, and the likely thing everywhere else. */
final class Scripted implements Strategy {

    private final Map<Long, Move> moves = new HashMap<>();

    Scripted(Collection<Move> moves) {
        moves.forEach(move -> this.moves.put(move.key(), move));
    }

    @Override
    public int next(Step step) {
        Move move = moves.isEmpty() ? null : moves.get(Move.key(step.task.id, step.task.steps, false));
        return move == null ? step.likely() : move.chosen();
    }

    @Override
    public int choose(Step step, int count) {
        Move move = moves.get(Move.key(step.task.id, step.task.steps, true));
        return move == null ? 0 : Math.min(count - 1, move.chosen() - Move.VALUE);
    }
}
