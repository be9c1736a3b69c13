package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;

/** For tests that open queues in their own way; the drivers are held to the same rules. */
abstract class OwnQueuesTestBase extends QueueTestBase {
    private final List<CheckedDriver> drivers = new ArrayList<>();
    private final List<RingfenceRuntime> others = new ArrayList<>();
    /** For a queue that nobody holds is closed. */
    private final List<Object> held = new ArrayList<>();

    @Override
    @AfterEach
    void closeRuntime() {
        drivers.forEach(CheckedDriver::letGo);
        try {
            super.closeRuntime();
        } finally {
            others.forEach(RingfenceRuntime::close);
        }
        for (CheckedDriver driver : drivers) {
            assertThat(driver.violations()).as("calls against the contract").isEmpty();
            assertThat(driver.closes).as("calls of close").hasValue(1);
        }
    }

    /** A driver that the end of the test looks after. */
    final <D extends CheckedDriver> D own(D driver) {
        drivers.add(driver);
        return driver;
    }

    final <Q> Q hold(Q handle) {
        held.add(handle);
        return handle;
    }

    /** A second runtime; closed at the end of the test. */
    final RingfenceRuntime another() {
        RingfenceRuntime made = RingfenceRuntime.start();
        others.add(made);
        return made;
    }

    final JobQueue<Object> open(RingfenceRuntime in, CheckedDriver driver, QueueOptions options) {
        return hold(in.openQueue(own(driver), options, payload -> payload instanceof Integer cost ? cost : 1));
    }

    final JobQueue<Object> open(CheckedDriver driver, QueueOptions options, PayloadTraits<Object> traits) {
        return hold(runtime.openQueue(own(driver), options, traits));
    }

    final JobQueue<Object> open(Client client, CheckedDriver driver, QueueOptions options) {
        return hold(client.openQueue(own(driver), options));
    }
}
