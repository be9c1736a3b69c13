package io.ringfence.sim.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Policy;
import io.ringfence.sim.schedule.ClientSpec;
import io.ringfence.sim.schedule.SharedDevice;
import io.ringfence.sim.schedule.DeviceShares;
import io.ringfence.sim.virtual.VirtualWorld;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A scheduler at work, to look at. */
@Command(name = "schedule", mixinStandardHelpOptions = true,
        description = {
            "Clients of different priority share one device through a scheduler; a picture shows how it decides: the jobs on the "
                    + "hardware ring, the run queue in its order, what each client waits for. In the end, what each got.",
            "A client is written NAME:PRIORITY:KEY=VALUE,... with a priority of kernel, high, normal or low, and any of jobs=N (jobs "
                    + "of a cycle, 1 to 64), each=TIME (how long a job takes, 10us to 1s), rest=TIME (between cycles, 0s to 10s), "
                    + "ahead=N (unfinished cycles it may have, 1 to 64), after=NAME (each cycle depends on the last job of another).",
            "Exit code: 0 done, 1 a job failed or it was stopped, 2 wrong options."},
        footer = {"", "Examples:", "  ringfence schedule", "  ringfence schedule --policy fifo",
            "  ringfence schedule --credits 1 --clients game:high:each=8ms,rest=8ms hog:low:each=25ms,ahead=16"})
final class ScheduleCommand implements Callable<Integer> {

    private static final int LONGEST = 86_400;
    private static final int MOST_CREDITS = 1_024;
    private static final long FRAME_MILLIS = 100;
    private static final long LINE_MILLIS = 2_000;
    private static final long END_SECONDS = 10;
    private static final double SECOND = 1e9;

    @Spec
    private CommandSpec spec;

    @Option(names = "--policy", paramLabel = "NAME", defaultValue = "fair",
            description = "Who goes next: fair, fifo, ready-fifo or rr (default ${DEFAULT-VALUE}).")
    private String policy;

    @Option(names = "--credits", paramLabel = "N", defaultValue = "2",
            description = "Jobs that may be on the device: 1 to 1024 (default ${DEFAULT-VALUE}).")
    private int credits;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "10",
            description = "How long to go on: 1 to 86400 (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--clients", paramLabel = "CLIENT", arity = "1..*",
            description = "Who submits, 1 to 26 of them (default a desktop, a game, an encoder of its frames, a training and a backup).")
    private List<String> clients = List.of();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "How the times of jobs and rests vary, each by up to a quarter: any whole number of 64 bits "
                    + "(default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--virtual", description = "On a virtual clock: no picture, no waiting, always the same result.")
    private boolean virtual;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result to a file.")
    private @Nullable Path json;

    /** Somebody wants it to end. */
    private final CountDownLatch asked = new CountDownLatch(1);
    /** It has ended. */
    private final CountDownLatch over = new CountDownLatch(1);

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ScheduleCommand() {
    }

    @Override
    public Integer call() throws Exception {
        Supplier<Policy> decides = checked();
        List<ClientSpec> specs = specs();
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        if (virtual) {
            VirtualClock.require("--virtual");
            return report(virtually(decides, specs));
        }
        try (Shutdown _ = Shutdown.hook(this::stop)) {
            return report(live(decides, specs));
        } finally {
            over.countDown();
        }
    }

    private Supplier<Policy> checked() throws InputException {
        if (!Policies.names().contains(policy.toLowerCase(Locale.ROOT))) {
            throw new InputException("--policy " + policy + ": must be one of " + String.join(", ", Policies.names()));
        }
        policy = policy.toLowerCase(Locale.ROOT);
        if (credits < 1 || credits > MOST_CREDITS) {
            throw new InputException("--credits " + credits + ": must be 1 to " + MOST_CREDITS);
        }
        if (seconds < 1 || seconds > LONGEST) {
            throw new InputException("--seconds " + seconds + ": must be 1 to " + LONGEST);
        }
        return Policies.named(policy);
    }

    private List<ClientSpec> specs() throws InputException {
        try {
            return clients.isEmpty() ? ClientSpec.usual() : ClientSpec.parse(clients);
        } catch (IllegalArgumentException e) {
            throw new InputException("--clients: " + e.getMessage());
        }
    }

    /** From a hook: the process ends when this returns. */
    private void stop() {
        asked.countDown();
        try {
            boolean _ = over.await(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DeviceShares virtually(Supplier<Policy> decides, List<ClientSpec> specs) {
        VirtualWorld world = VirtualWorld.install();
        try (SharedDevice device = SharedDevice.start(decides, credits, specs, seed)) {
            world.runUntil((long) (seconds * SECOND));
            return device.end();
        } finally {
            world.uninstall();
        }
    }

    private DeviceShares live(Supplier<Policy> decides, List<ClientSpec> specs) throws InterruptedException {
        boolean coloured = spec.commandLine().getColorScheme().ansi().enabled();
        SchedulePicture picture = new SchedulePicture(policy, specs, seconds, coloured);
        Screen screen = Screen.open();
        try (SharedDevice device = SharedDevice.start(decides, credits, specs, seed)) {
            long millis = seconds * 1_000L;
            long period = screen == null ? LINE_MILLIS : FRAME_MILLIS;
            long left = millis;
            while (left > 0 && !asked.await(Math.min(left, period), TimeUnit.MILLISECONDS)) {
                SharedDevice.Look look = device.look();
                show(screen, picture, look);
                left = millis - TimeUnit.NANOSECONDS.toMillis(look.nanos());
            }
            return device.end();
        } finally {
            if (screen != null) {
                screen.close();
            }
        }
    }

    private void show(@Nullable Screen screen, SchedulePicture picture, SharedDevice.Look look) {
        if (screen != null) {
            screen.show(picture.lines(look, screen.columns(), screen.rows()));
        } else {
            PrintWriter out = spec.commandLine().getOut();
            out.println(picture.line(look));
            out.flush();
        }
    }

    private int report(DeviceShares result) throws InputException {
        boolean stopped = asked.getCount() == 0;
        if (json != null && !stopped) {
            JsonFile.write(json, body -> {
                body.writeStringField("policy", policy);
                body.writeNumberField("credits", credits);
                body.writeNumberField("seed", seed);
                ScheduleReport.json(body, result);
            });
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(ScheduleReport.table(result));
        out.println(ScheduleReport.summary(result, policy, credits) + (stopped ? ", then stopped" : ""));
        out.flush();
        return result.isClean() && !stopped ? 0 : Main.CHECK_FAILED;
    }
}
