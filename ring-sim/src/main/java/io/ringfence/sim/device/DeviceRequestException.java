package io.ringfence.sim.device;

/** The firmware did not do what the host asked for. Has no stack: it comes from a thread that has nothing to do with it. */
public final class DeviceRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what was asked for and what came of it
     */
    public DeviceRequestException(String message) {
        super(message, null, false, false);
    }
}
