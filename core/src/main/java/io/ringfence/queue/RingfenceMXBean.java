package io.ringfence.queue;

import java.io.IOException;
import java.util.List;

/**
 * A runtime as management tools see it: {@code io.ringfence:type=Runtime,name=ringfence-1}. Where queues hang, one call from
 * outside the process tells who waits for what.
 */
public interface RingfenceMXBean {

    /**
     * The runtime's name.
     *
     * @return the beginning of the names of its threads
     */
    String getName();

    /**
     * Where each queue stands that has not ended.
     *
     * @return counters and what the first job waits for
     */
    List<QueueStatus> getQueues();

    /**
     * Everything that is known, as {@link RingfenceRuntime#dump()}.
     *
     * @return some lines for people
     */
    String dump();

    /**
     * Writes the dump into a file, as {@code jcmd Thread.dump_to_file} does with threads.
     *
     * @param path a file that does not exist yet, on the machine that runs this process
     * @return the file's full path
     * @throws IOException if it exists or cannot be written
     */
    String dumpToFile(String path) throws IOException;
}
