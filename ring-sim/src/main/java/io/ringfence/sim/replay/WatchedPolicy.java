package io.ringfence.sim.replay;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import io.ringfence.scheduler.Policy;

/** Another policy, and how often it had to choose: decisions for which several entities had a job that could run. */
final class WatchedPolicy implements Policy {

    private final Policy policy;
    private final Set<Member> ready = Collections.newSetFromMap(new IdentityHashMap<>());
    private long contested;

    WatchedPolicy(Policy policy) {
        this.policy = policy;
    }

    /** Decisions among several; to be read when all is over. */
    long contested() {
        return contested;
    }

    private void taken(Member entity) {
        if (ready.contains(entity)) {
            contested += ready.size() > 1 ? 1 : 0;
            boolean _ = ready.remove(entity);
        }
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public boolean isStrict() {
        return policy.isStrict();
    }

    @Override
    public long join(Member entity, Others others) {
        return policy.join(entity, others);
    }

    @Override
    public long next(Member entity, Others others) {
        taken(entity);
        return policy.next(entity, others);
    }

    @Override
    public void leave(Member entity, Others others) {
        taken(entity);
        policy.leave(entity, others);
    }

    @Override
    public long ready(Member entity, long rank) {
        boolean _ = ready.add(entity);
        return policy.ready(entity, rank);
    }
}
