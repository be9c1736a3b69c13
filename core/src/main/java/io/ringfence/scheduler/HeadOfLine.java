package io.ringfence.scheduler;

/** What happens when the job that comes next costs more credits than there are. */
public enum HeadOfLine {
    /** All wait until it can go, so that large jobs and urgent ones are not starved: what the kernel does. */
    STRICT,
    /** The next one whose job costs no more than there is goes before it. A large job may wait for long. */
    SKIPPING
}
