package io.ringfence.sim.prove;

import java.util.List;

/**
 * A claim of the page about memory ordering, as it stands there.
 *
 * @param text     what must hold
 * @param writes   the writing access
 * @param reads    the reading access
 * @param proof    what shows it, in the page's words
 * @param tests    the jcstress tests among that, by their full names
 * @param controls what goes wrong without the ordering
 */
record Claim(String text, String writes, String reads, String proof, List<String> tests, List<Control> controls) {

    /** How sure a control is to show something. */
    enum Shows {
        /** On x86-64, in every run. */
        ALWAYS,
        /** On x86-64, now and then. */
        RARELY,
        /** On other machines. */
        ELSEWHERE
    }

    /**
     * A test without the ordering.
     *
     * @param name  its full name
     * @param what  what is weakened
     * @param page  what the page says it has shown
     * @param shows what is expected of it
     */
    record Control(String name, String what, String page, Shows shows) {
    }
}
