package io.ringfence.queue;

import java.util.function.Function;

import io.ringfence.internal.turn.UserCode;

/** A call of somebody else's code by a thread that must not be kept by what that lets go on: the runtime's workers do it. */
final class UserCall implements AutoCloseable {

    private final RingfenceRuntime runtime;
    private final int token;

    UserCall(RingfenceRuntime runtime) {
        this.runtime = runtime;
        // Last: whatever fails before leaves no mark behind.
        token = UserCode.enter();
    }

    /** A question to somebody else's code. */
    interface Question<R> {
        R ask() throws Exception;
    }

    /** Asks; if that throws, the answer is what is made of the thrown, which may be a call of foreign code too. */
    static <R> R ask(RingfenceRuntime runtime, Question<R> question, Function<Throwable, R> otherwise) {
        try (var _ = new UserCall(runtime)) {
            try {
                return question.ask();
            } catch (Throwable thrown) {
                return otherwise.apply(thrown);
            }
        }
    }

    @Override
    public void close() {
        runtime.threads().post(UserCode.exit(token));
    }
}
