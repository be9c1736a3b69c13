package io.ringfence.sim;

/**
 * Rings that come onto the device and leave it together, with one priority. Made by {@link SimulatedFirmware#openGroup}; any thread.
 */
public final class FirmwareGroup {

    private final SimulatedFirmware device;
    private final int number;
    private volatile GroupPriority priority;
    private boolean decided;
    private boolean longRunning;

    FirmwareGroup(SimulatedFirmware device, int number, GroupPriority priority) {
        this.device = device;
        this.number = number;
        this.priority = priority;
    }

    /** The first ring decides whether the group is for commands with fences or without. */
    synchronized void takes(boolean longRunningRing) {
        if (decided && longRunning != longRunningRing) {
            throw new IllegalArgumentException(this + " has rings " + (longRunning ? "for long-running commands"
                    : "for queues") + " and cannot have others");
        }
        decided = true;
        longRunning = longRunningRing;
    }

    boolean isOf(SimulatedFirmware other) {
        return device == other;
    }

    int number() {
        return number;
    }

    /**
     * The priority that rings of this group have.
     *
     * @return the priority
     */
    public GroupPriority priority() {
        return priority;
    }

    /**
     * Changes the priority; rings that are open already follow with the next {@link FirmwareRing#applyProperties} of any of them.
     *
     * @param changed the new one
     */
    public void priority(GroupPriority changed) {
        priority = changed;
    }

    /** Lets the number be used again. Nothing must be opened in this group afterwards. */
    public void close() {
        device.release(this);
    }

    @Override
    public String toString() {
        return "group " + number;
    }
}
