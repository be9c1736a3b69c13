package io.ringfence.figures.devices;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.OperatingSystemMXBean;

/** What this process takes of the processors while its benchmark waits. */
public final class Processor {

    private static final OperatingSystemMXBean SYSTEM = ManagementFactory
            .getPlatformMXBean(OperatingSystemMXBean.class);

    private Processor() {
    }

    /** Waits so long; returns the microseconds of processor time that the process took for each second of it. */
    public static double microsPerSecond(long nanos) {
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        long end = start + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        long seconds = System.nanoTime() - start;
        return (SYSTEM.getProcessCpuTime() - cpu) * (double) TimeUnit.SECONDS.toMicros(1) / seconds;
    }
}
