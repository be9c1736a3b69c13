package io.ringfence.queue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the queues log while this is open. */
final class LogCapture implements AutoCloseable {
    /** Held: the logging of the JDK knows its loggers weakly only. */
    private final Logger logger = Logger.getLogger("io.ringfence.queue");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final boolean parentBefore = logger.getUseParentHandlers();
    private final Handler handler;

    LogCapture() {
        this(_ -> {
        });
    }

    /** With something that is done with each message in addition. */
    LogCapture(Consumer<String> also) {
        handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                records.add(logged);
                also.accept(logged.getMessage());
            }

            @Override
            public void flush() {
            }

            @Override
            public void close() {
            }
        };
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
    }

    List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    boolean has(String part) {
        return messages().stream().anyMatch(message -> message.contains(part));
    }

    /** What was logged as thrown. */
    List<Throwable> thrown() {
        return records.stream().map(LogRecord::getThrown).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(parentBefore);
    }
}
