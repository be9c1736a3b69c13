package io.ringfence.sim.cli;

/** Does something when the process is told to end, unless it was closed before. */
final class Shutdown implements AutoCloseable {

    private final Thread hook;

    private Shutdown(Thread hook) {
        this.hook = hook;
    }

    static Shutdown hook(Runnable body) {
        Thread hook = new Thread(body, "ringfence-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Shutdown(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook is what ends it.
            return;
        }
    }
}
