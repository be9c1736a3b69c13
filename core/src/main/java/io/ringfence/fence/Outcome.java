package io.ringfence.fence;

/** What is known of a fence. */
public enum Outcome {
    /** It has not been signalled. */
    PENDING,
    /** It was signalled, and what it stands for succeeded. */
    OK,
    /** It was signalled, and what it stands for failed; the fence tells why. */
    FAILED
}
