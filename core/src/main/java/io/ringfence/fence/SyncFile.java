package io.ringfence.fence;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Fences under one name, to be handed on and asked about: the kernel's {@code sync_file}. Immutable; merging makes a new one and
 * leaves the others as they are.
 */
public final class SyncFile {

    /**
     * What is known of one fence.
     *
     * @param fence      the fence
     * @param name       its name: {@code queue#id:seqno} for a job
     * @param outcome    its outcome
     * @param signalTime when it was signalled, as {@link Fence#signalTime()} tells it
     */
    public record Leaf(Fence fence, String name, Outcome outcome, OptionalLong signalTime) {
    }

    private final String name;
    private final Fence fence;

    private SyncFile(String name, Fence fence) {
        this.name = name;
        this.fence = fence;
    }

    /**
     * Puts a name on a fence.
     *
     * @param name  the name
     * @param fence the fence, which may be a container
     * @return a new file
     */
    public static SyncFile of(String name, Fence fence) {
        return new SyncFile(Objects.requireNonNull(name, "name"), Objects.requireNonNull(fence, "fence"));
    }

    /**
     * Puts a fence under its own name.
     *
     * @param fence the fence, which may be a container
     * @return a new file
     */
    public static SyncFile of(Fence fence) {
        return of(fence.toString(), fence);
    }

    /**
     * Everything in this file and another, in a new one: done when all fences are, failed if one of them failed.
     *
     * @param newName the new file's name
     * @param other   the other file
     * @return a new file
     */
    public SyncFile merge(String newName, SyncFile other) {
        return of(newName, Fences.allOf(fence, other.fence));
    }

    /**
     * The file's name.
     *
     * @return the name given when it was made
     */
    public String name() {
        return name;
    }

    /**
     * The fence of the whole file, to wait for, to name as a dependency, to put into a {@link SyncObject}.
     *
     * @return always the same fence
     */
    public Fence fence() {
        return fence;
    }

    /**
     * What has become of the whole.
     *
     * @return {@link Outcome#FAILED} as soon as one fence has failed, be the others pending; else {@link Outcome#PENDING} until
     *         all are done
     */
    public Outcome status() {
        Outcome all = fence.outcome();
        if (all == Outcome.PENDING && fence.isGroupOfAll()) {
            for (Fence leaf : fence.leaves()) {
                if (leaf.outcome() == Outcome.FAILED) {
                    return Outcome.FAILED;
                }
            }
        }
        return all;
    }

    /**
     * The fences one by one, by timeline and then by seqno.
     *
     * @return what is known of each now
     */
    public List<Leaf> leaves() {
        List<Fence> fences = new ArrayList<>(fence.leaves());
        fences.sort(Fence.BY_POINT);
        return fences.stream().map(leaf -> new Leaf(leaf, leaf.toString(), leaf.outcome(), leaf.signalTime())).toList();
    }

    @Override
    public String toString() {
        return "sync file " + name + " of " + fence;
    }
}
