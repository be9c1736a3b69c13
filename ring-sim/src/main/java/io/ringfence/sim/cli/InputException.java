package io.ringfence.sim.cli;

import java.io.Serial;

/** Something the user gave is wrong; the message is the one line they see. */
final class InputException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    InputException(String message) {
        super(message);
    }
}
