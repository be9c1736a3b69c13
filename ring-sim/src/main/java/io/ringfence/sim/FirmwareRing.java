package io.ringfence.sim;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Result;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

/**
 * One ring of a simulated device, as a queue drives it: writes commands into 64-byte slots and reads one completion word. What is
 * asked of the firmware beside that, to suspend the ring, to reset it, is answered later; each such method returns at once, may be
 * called by any thread unless it says otherwise, and gives a result that fails if the firmware refuses or fails. One that does not
 * answer in {@linkplain FirmwareOptions#answerBound() time} is given up by the next request, or by
 * {@link SimulatedFirmware#diagnose}; whoever waits for an answer should do so for a limited time.
 */
public final class FirmwareRing extends CommandRing {

    /** Which epoch of the queue is which of the firmware's. */
    private volatile Epochs epochs;
    private volatile RingOptions options;

    FirmwareRing(SimulatedFirmware device, int number, RingOptions options) {
        super(device, number, options, false);
        this.options = options;
        epochs = new Epochs(0, writer().epochVolatile());
    }

    /** Which epoch of the queue is which of the firmware's. */
    private record Epochs(int queue, int firmware) {

        /** What the word of a job says that was handed over in some epoch of the queue: of a former one, what is over by now. */
        long word(int epoch, long seqno) {
            int before = firmware == 1 ? RingLayout.MAX_EPOCH : firmware - 1;
            return RingLayout.word(epoch == queue ? firmware : before, seqno);
        }
    }

    /**
     * How the ring is scheduled.
     *
     * @return the options last given
     */
    public RingOptions options() {
        return options;
    }

    // ---- the driver

    @Override
    public int maxWaits() {
        return RingLayout.MAX_WAITS;
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return producer instanceof FirmwareRing other && other.device() == device() && other != this;
    }

    @Override
    public void runAfter(long seqno, Command command, DeviceWaits waits) {
        port().register();
        if (waits.count() == 1 && command.hasRoomForWait()) {
            FirmwareRing other = producer(waits, 0);
            writeAfter(seqno, command, other.number(), word(other, waits, 0));
            return;
        }
        for (int i = 0; i < waits.count(); i++) {
            FirmwareRing other = producer(waits, i);
            writer().waitFor(i, other.number(), word(other, waits, i));
        }
        write(seqno, command, waits.count());
    }

    private FirmwareRing producer(DeviceWaits waits, int index) {
        if (waits.producer(index) instanceof FirmwareRing other) {
            return other;
        }
        throw new IllegalArgumentException(this + " cannot wait for " + waits.producer(index));
    }

    private static long word(FirmwareRing producer, DeviceWaits waits, int index) {
        return producer.epochs.word(waits.epoch(index), waits.seqno(index));
    }

    /** Nothing of the ring is executed any more, and commands of other rings that wait for it fail. */
    @Override
    public void lost() {
        if (port().requests().isRegisteredVolatile()) {
            var _ = port().ask(RequestKind.BAN);
        }
    }

    @Override
    public void restart(int epoch, DriverLink link) {
        super.restart(epoch, link);
        epochs = new Epochs(epoch, writer().epochVolatile());
    }

    // ---- what else can be asked of the firmware

    /**
     * Takes the ring off the device as soon as the command in progress is over or can be interrupted, and keeps it off. A command
     * that takes longer than the ring's preemption timeout is ended and fails.
     *
     * @return where the ring stands then
     */
    public Result<Standing> suspend() {
        return port().ask(RequestKind.SUSPEND);
    }

    /**
     * Goes on with a ring that was suspended or quiesced.
     *
     * @return where the ring stands
     */
    public Result<Standing> resume() {
        return port().ask(RequestKind.RESUME);
    }

    /**
     * Stops the ring at once, wherever it is.
     *
     * @return where the ring stands; nothing of it changes until it is resumed or reset
     */
    public Result<Standing> quiesce() {
        return port().ask(RequestKind.QUIESCE);
    }

    /**
     * Gives up what is on the ring and not complete, and begins a new epoch at its first slot. Not beside any call that a queue
     * makes; the ring is quiesced.
     *
     * @return where the ring stands: nothing is in progress
     */
    public Result<Standing> reset() {
        return port().ask(RequestKind.RESET);
    }

    /**
     * Executes nothing of the ring any more; its queue is told that its device is lost.
     *
     * @return where the ring stands
     */
    public Result<Standing> ban() {
        return port().ask(RequestKind.BAN);
    }

    /**
     * Changes how the ring is scheduled, and with it the priority of its group. The group itself stays.
     *
     * @param changed the new options, with the same group
     * @return where the ring stands
     * @throws IllegalArgumentException if the group is another
     * @throws IllegalStateException    if the ring was closed
     */
    public Result<Standing> applyProperties(RingOptions changed) {
        port().requireOpen();
        if (changed.group() != options.group()) {
            throw new IllegalArgumentException(
                    this + " belongs to " + options.group() + " and cannot change to " + changed.group());
        }
        options = changed;
        describe(changed);
        return port().ask(RequestKind.PROPERTIES);
    }
}
