package io.ringfence.sim.schedule;

import java.util.Collections;
import java.util.List;

import io.ringfence.scheduler.Priority;

/** The cases of the kernel's tests of scheduling between clients ({@code tests_scheduler.c}). */
public enum KernelCase {
    /** Two that never rest. */
    V1("Normal priority and normal priority", both(Priority.NORMAL, Priority.NORMAL)),
    /** One of them can wait. */
    V2("Normal priority and low priority", both(Priority.NORMAL, Priority.LOW)),
    /** One is more urgent. */
    V3("High priority and normal priority", both(Priority.HIGH, Priority.NORMAL)),
    /** They are far from each other. */
    V4("High priority and low priority", both(Priority.HIGH, Priority.LOW)),
    /** Two that each want half of the device. */
    V5("50% and 50%", halves(Priority.NORMAL, Priority.NORMAL)),
    /** The second can wait. */
    V6("50% and 50% low priority", halves(Priority.NORMAL, Priority.LOW)),
    /** The first is more urgent. */
    V7("50% high priority and 50%", halves(Priority.HIGH, Priority.NORMAL)),
    /** One that can wait floods the device. */
    V8("Low priority hog and interactive client",
            List.of(new Contender(Priority.LOW, 3, 2_500, 500, false),
                    new Contender(Priority.NORMAL, 1, 500, 10_000, true))),
    /** Large frames beside small ones. */
    V9("Heavy rendering and interactive client",
            List.of(new Contender(Priority.NORMAL, 3, 2_500, 2_500, true),
                    new Contender(Priority.NORMAL, 1, 1_000, 9_000, true))),
    /** Huge frames beside small ones. */
    V10("Very heavy rendering and interactive client",
            List.of(new Contender(Priority.NORMAL, 4, 50_000, 1, true),
                    new Contender(Priority.NORMAL, 1, 1_000, 9_000, true))),
    /** Two alike. */
    W1(2, 4),
    /** Three alike. */
    W2(3, 4),
    /** Seven alike. */
    W3(7, 4),
    /** Thirteen alike. */
    W4(13, 4),
    /** Thirty-one alike. */
    W5(31, 2);

    private final String title;
    @SuppressWarnings("ImmutableEnumChecker") // all are made by List.of and the like
    private final List<Contender> contenders;

    private final boolean many;

    KernelCase(String title, List<Contender> contenders) {
        this.title = title;
        this.contenders = contenders;
        many = false;
    }

    /** Clients that are alike. */
    KernelCase(int clients, int jobs) {
        title = clients + " clients";
        contenders = Collections.nCopies(clients, new Contender(Priority.NORMAL, jobs, 1_000, 0, true));
        many = true;
    }

    private static List<Contender> both(Priority one, Priority other) {
        return List.of(new Contender(one, 1, 8_000, 0, false), new Contender(other, 1, 8_000, 0, false));
    }

    private static List<Contender> halves(Priority one, Priority other) {
        return List.of(new Contender(one, 1, 1_500, 1_500, true), new Contender(other, 1, 2_500, 2_500, true));
    }

    /**
     * What the kernel calls it.
     *
     * @return the title
     */
    public String title() {
        return title;
    }

    /**
     * Who takes part.
     *
     * @return two, or many that are alike
     */
    public List<Contender> contenders() {
        return contenders;
    }

    /**
     * Whether it is about how far clients that are alike get apart, not about two of different kinds.
     *
     * @return true for W1 to W5
     */
    public boolean isForMany() {
        return many;
    }

    /**
     * How long each would take alone.
     *
     * @return milliseconds
     */
    public long millis() {
        return many ? 1_000 / contenders.size() : 1_000;
    }
}
