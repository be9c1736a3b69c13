package io.ringfence.queue;

/** A payload that does something while the driver hands it to the device. */
@FunctionalInterface
interface Work {
    void run(long seqno) throws Throwable;
}
