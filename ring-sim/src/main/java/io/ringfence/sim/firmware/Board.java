package io.ringfence.sim.firmware;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/** What all parts of the firmware share. Used by the firmware's thread only. */
final class Board {

    final SharedMemory memory;
    final Geometry geometry;
    final Interpreter interpreter;
    final Events events;
    final GroupScheduler scheduler;
    /** Null if the firmware is not to misbehave. */
    final @Nullable FaultDice dice;
    /** By the number of the ring, those that are registered. */
    final @Nullable Context[] contexts;
    /** Rings of which commands were completed in this round, whose hosts may want to know. */
    private final List<Context> advanced = new ArrayList<>();
    private final List<Interrupt> held = new ArrayList<>();
    /** The ring that was seen to wait for the one that got on last. */
    @Nullable
    Context follower;
    /** A command was executed that may have taken long, since the rings on slots were looked at. */
    boolean worked;
    /** A command that had to wait for another ring has gone on. */
    private boolean waited;
    /** The firmware has died, for testing. */
    boolean dead;
    /** The firmware does nothing before {@link #stalledUntil}, for testing. */
    boolean stalls;
    long stalledUntil;

    private final LongSupplier clock;

    Board(SharedMemory memory, Runnable line, @Nullable FaultDice dice, LongSupplier clock) {
        this.memory = memory;
        this.clock = clock;
        this.dice = dice;
        geometry = Geometry.read(memory);
        interpreter = new Interpreter(memory.segment().asSlice(geometry.arena(), geometry.arenaBytes()));
        events = new Events(this, line);
        contexts = new Context[geometry.rings()];
        scheduler = new GroupScheduler(geometry.groupSlots(), geometry.timeSlice());
    }

    @Nullable
    Context context(int ring) {
        return ring >= 0 && ring < contexts.length ? contexts[ring] : null;
    }

    /** Whether who used a ring in an epoch has let it go; true for ever then. */
    boolean isLetGo(int ring, int epoch) {
        int closed = memory.intAcquire(geometry.descriptor(ring) + RingLayout.CLOSED_EPOCH_OFFSET);
        return closed != 0 && !Waits.isAfter(epoch, closed);
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    /** Commands of a ring were completed. */
    void advanced(Context context) {
        if (!context.isAdvanced) {
            context.isAdvanced = true;
            advanced.add(context);
        }
    }

    /**
     * Raises what hosts wait for; at the end of a round and before whatever takes long. One fence for all rings: it lasts until their
     * completion words have reached their lines.
     */
    void raise() {
        if (!advanced.isEmpty()) {
            VarHandle.fullFence();
            for (int i = 0; i < advanced.size(); i++) {
                advanced.get(i).raiseFenced();
            }
            advanced.clear();
        }
    }

    /** An interrupt is held back. */
    void held(Interrupt interrupt) {
        held.add(interrupt);
    }

    /** Raises those held back that are due. */
    void flush(long now) {
        if (!held.isEmpty()) {
            held.removeIf(interrupt -> !interrupt.isHeld(now));
        }
    }

    /** Holds none back any longer: what comes next takes a while, or for ever. */
    void releaseHeld() {
        held.forEach(Interrupt::release);
        held.clear();
    }

    /** The firmware dies, for testing. */
    void dies() {
        releaseHeld();
        dead = true;
    }

    /** When the first of those held back is due, or {@code Long.MAX_VALUE}. */
    long nextDue() {
        long next = Long.MAX_VALUE;
        for (Interrupt interrupt : held) {
            next = Math.min(next, interrupt.due());
        }
        return next;
    }

    void waited() {
        waited = true;
    }

    /** Whether a command that had to wait for another ring has gone on since this was asked last. */
    boolean takeWaited() {
        boolean known = waited;
        waited = false;
        return known;
    }

    void stallsUntil(long moment) {
        releaseHeld();
        stalls = true;
        stalledUntil = moment;
    }

    /** Whether it has stopped in this round. */
    boolean isStopped() {
        return dead || stalls;
    }

    /** Whether the firmware has stopped, for a while or for ever. */
    boolean isOut(long now) {
        stalls = stalls && now - stalledUntil < 0;
        return dead || stalls;
    }
}
