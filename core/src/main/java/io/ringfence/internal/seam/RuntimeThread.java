package io.ringfence.internal.seam;

import org.jspecify.annotations.Nullable;

/** A platform thread that belongs to a runtime, so that a turn holder can tell it from a borrowed one. */
public final class RuntimeThread extends Thread {

    private final Loop loop;

    RuntimeThread(Loop body, String name) {
        super(null, body, name, 0, false);
        loop = body;
        setDaemon(true);
    }

    /**
     * Whether the calling thread is one that turns are handed over to.
     *
     * @param blocking whether the turns may block
     * @return false on borrowed threads, and on those that must stay free for something else
     */
    public static boolean isWorker(boolean blocking) {
        @Nullable
        Loop running = Thread.currentThread() instanceof RuntimeThread thread ? thread.loop : Seam.loop();
        return running != null && running.takes(blocking);
    }
}
