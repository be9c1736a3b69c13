package io.ringfence.scheduler;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/**
 * One device's say in which gang is handed to its rings: one at a time, until all its jobs are on them. So two gangs stand in the same
 * order on each ring that they share, and none ever waits on one ring for a job that waits behind the other's on another ring. The
 * kernel's {@code amdgpu_device_switch_gang}.
 *
 * <p>A gang gets into the line only when each of its jobs is the first of its entity and has nothing else to wait for. From then on
 * it waits for credits only, which jobs that run give back; an entity whose gang stands there does not move before its job is handed
 * over, unless its ring takes no jobs any more. The handshake: who gets in looks whether he is first; who leaves looks who is
 * first now.
 */
public final class GangSwitch {

    private final String name;
    private final Queue<GangRun> line = new ConcurrentLinkedQueue<>();

    private GangSwitch(String name) {
        this.name = name;
    }

    /**
     * Makes the switch of a device.
     *
     * @param device what the device is called in messages
     * @return a new switch, for all gangs of that device
     */
    public static GangSwitch create(String device) {
        return new GangSwitch(device);
    }

    void enter(GangRun gang) {
        boolean _ = line.offer(gang);
        Seam.at(Site.SCHEDULE);
    }

    boolean isFirst(GangRun gang) {
        return line.peek() == gang;
    }

    void leave(GangRun gang) {
        Seam.at(Site.SCHEDULE);
        if (line.remove(gang)) {
            Seam.at(Site.SCHEDULE);
            @Nullable
            GangRun next = line.peek();
            if (next != null) {
                next.wake();
            }
        }
    }

    @Override
    public String toString() {
        return "gang switch of " + name;
    }
}
