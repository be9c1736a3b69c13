package io.ringfence.internal.seam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.junit.jupiter.api.Test;

/** A thread of a runtime goes on, whatever its work throws. */
class LoopTest {

    private static final String NAME = "loop of a test";

    private static final class Throwing extends Handler {
        private int records;

        @Override
        public void publish(LogRecord logged) {
            if (logged.getMessage().startsWith(NAME)) {
                records++;
            }
            throw new IllegalStateException("broken");
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    }

    @Test
    void goesOnThoughNobodyCanBeToldOfWhatWasThrown() {
        AtomicInteger rounds = new AtomicInteger();
        Loop[] loop = {null};
        loop[0] = new Loop(NAME, Loop.Role.NO_TURNS, () -> {
            if (rounds.incrementAndGet() == 1) {
                throw new OutOfMemoryError("as if");
            }
            loop[0].stop();
            return false;
        });
        Logger logger = Logger.getLogger("io.ringfence.queue");
        boolean parents = logger.getUseParentHandlers();
        Throwing handler = new Throwing();
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            loop[0].run();
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(parents);
        }
        assertThat(handler.records).isEqualTo(1);
        assertThat(rounds).hasValueGreaterThan(1);
    }
}
