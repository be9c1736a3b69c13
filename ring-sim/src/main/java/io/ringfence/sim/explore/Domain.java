package io.ringfence.sim.explore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.driver.FailureDomain;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/** Devices that are reset together, and whether that is asked for in the right order, and for a reason. */
final class Domain implements FailureDomain {

    /** Time passes at any moment here; so long it never takes, and not even for one look at what is missing. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private final World world;
    private final String name;
    private final List<Device> rings = new ArrayList<>();
    private boolean later;
    private boolean broken;
    private int refusals;
    private boolean stopped;
    /** Who was said to be at fault since the last time that the device went on. */
    private @Nullable Job blamed;
    private int resets;
    private int resumptions;

    Domain(World world, String name) {
        this.world = world;
        this.name = name;
    }

    /** Answers are given by tasks of their own. */
    Domain answeringLater() {
        later = true;
        return this;
    }

    /** Everything is refused once before it is done. */
    Domain refusing() {
        refusals = 1;
        return this;
    }

    /** Resets fail. */
    Domain breaking() {
        broken = true;
        return this;
    }

    void add(Device ring) {
        rings.add(ring);
    }

    boolean isStopped() {
        return stopped;
    }

    int resets() {
        return resets;
    }

    int resumptions() {
        return resumptions;
    }

    /** A driver has given its verdict. */
    void blame(Job job) {
        if (stopped) {
            world.violate("the verdict on " + job + " was asked for after " + name + " had stopped");
        }
        blamed = job;
    }

    private Fence answer(String what, Runnable effect) {
        world.note("asks " + name + " to " + what);
        if (refusals > 0) {
            refusals--;
            return Fences.failed(what, new Failure.DriverError(new IllegalStateException("not now")));
        }
        refusals = refusals < 0 ? 1 : refusals;
        if (!later) {
            effect.run();
            return Fences.signalled();
        }
        FenceIssuer done = FenceIssuer.create(what + " of " + name);
        Task _ = world.spawn(what, () -> {
            Seam.at(Site.DEVICE);
            effect.run();
            Seam.at(Site.DEVICE);
            boolean _ = done.signal();
        });
        return done.fence();
    }

    // ---- the domain

    @Override
    public String name() {
        return name;
    }

    @Override
    public Duration bound() {
        return FOREVER;
    }

    @Override
    public Fence quiesce() {
        return answer("quiesce", () -> stopped = true);
    }

    @Override
    public Fence resume() {
        Job known = blamed;
        if (!stopped) {
            world.violate("resume of " + name + ", which was not stopped");
        }
        if (known != null && known.completeAt == 0) {
            world.violate("resume of " + name + ", though " + known + " is not complete");
        }
        return answer("resume", () -> {
            resumptions++;
            goOn();
        });
    }

    @Override
    public Fence reset() {
        Job known = blamed;
        if (!stopped) {
            world.violate("reset of " + name + ", which was not stopped");
        } else if (known == null) {
            world.violate("reset of " + name + " though no driver has blamed a job");
        } else if (known.completeAt != 0) {
            world.violate("reset of " + name + " because of " + known + ", which is complete");
        }
        if (broken) {
            return Fences.failed("reset", new Failure.DriverError(new IllegalStateException("broken")));
        }
        return answer("reset", () -> {
            resets++;
            Job guilty = blamed;
            rings.forEach(ring -> ring.forget(guilty));
            goOn();
        });
    }

    private void goOn() {
        stopped = false;
        blamed = null;
        rings.forEach(Device::wake);
    }

    @Override
    public String toString() {
        return name;
    }
}
