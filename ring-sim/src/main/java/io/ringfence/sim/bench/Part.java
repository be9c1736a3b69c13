package io.ringfence.sim.bench;

/**
 * A part of a target.
 *
 * @param name   in words
 * @param ours   what was measured, or how many times as good as another it is
 * @param target what it should at least or at most be
 * @param met    whether it is
 */
public record Part(String name, double ours, double target, boolean met) {

    static Part atMost(String name, double ours, double target) {
        return new Part(name, ours, target, ours <= target);
    }

    static Part below(String name, double ours, double target) {
        return new Part(name, ours, target, ours < target);
    }

    static Part above(String name, double ours, double target) {
        return new Part(name, ours, target, ours > target);
    }

    static Part atLeast(String name, double ours, double target) {
        return new Part(name, ours, target, ours >= target);
    }
}
