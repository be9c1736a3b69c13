package io.ringfence.scheduler;

import java.lang.System.Logger.Level;

/** Where what no fence can carry is reported. */
final class Reports {

    private static final System.Logger LOG = System.getLogger("io.ringfence.scheduler");

    private Reports() {
    }

    static void report(String whose, String what, Throwable thrown) {
        try {
            LOG.log(Level.ERROR, whose + ": " + what + " failed", thrown);
        } catch (Throwable ignored) {
            // The logger is foreign code; there is nobody else to tell.
            return;
        }
    }
}
