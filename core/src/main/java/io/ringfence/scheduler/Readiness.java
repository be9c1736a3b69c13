package io.ringfence.scheduler;

/** Whether an entity has a job for the device. */
public enum Readiness {
    /** It has none that was not handed over. */
    IDLE,
    /** Its first job waits for something: a job of another entity, or whatever it names or has to be prepared for it. */
    WAITING,
    /** Its first job could be handed over now, if the device had room for it and it were its turn. */
    READY
}
