package io.ringfence.figures.devices;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the threads of this process take of the processors while its benchmark waits. Not those of the virtual machine itself, whose time is
 * told in steps of ten milliseconds only.
 */
public final class Processor {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Processor() {
    }

    /** Waits so long; returns the microseconds of processor time that the threads took for each second of it. */
    public static double microsPerSecond(long nanos) {
        Map<Long, Long> before = cpuNanos();
        long start = System.nanoTime();
        long end = start + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        long waited = System.nanoTime() - start;
        long used = 0;
        for (Map.Entry<Long, Long> thread : cpuNanos().entrySet()) {
            used += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return used * (double) TimeUnit.SECONDS.toMicros(1) / waited;
    }

    /** By the number of each thread; one that has just ended counts nothing. */
    private static Map<Long, Long> cpuNanos() {
        Map<Long, Long> all = new HashMap<>();
        for (long thread : THREADS.getAllThreadIds()) {
            all.put(thread, Math.max(0, THREADS.getThreadCpuTime(thread)));
        }
        return all;
    }
}
