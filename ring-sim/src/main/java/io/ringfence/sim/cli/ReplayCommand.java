package io.ringfence.sim.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Priority;
import io.ringfence.sim.formats.TraceFile;
import io.ringfence.sim.kineto.KinetoTrace;
import io.ringfence.sim.replay.ScheduleCsv;
import io.ringfence.sim.virtual.VirtualWorld;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingKind;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.Workload;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays a recorded workload. */
@Command(name = "replay", mixinStandardHelpOptions = true,
        description = {
            "Replays what was recorded of a GPU: PyTorch Kineto traces, a queue for each stream; ftrace text and Perfetto "
                    + "traces of amdgpu and drm_sched, an entity for each context and a scheduler for each ring; requests of "
                    + "i915; Chakra graphs; and what --schedule wrote. Compressed by gzip or not.",
            "Exit code: 0 every rule kept and every decision matched, 1 not so, 2 wrong options or not such a trace."},
        footer = {"", "Examples:", "  ringfence replay trace.json.gz --virtual --honor-submit-times",
            "  ringfence replay trace.json --speed 10 --schedule schedule.csv --json result.json",
            "  ringfence replay amdgpu.ftrace.txt --policy fifo --credits 2",
            "  ringfence replay i915.ftrace.txt --policy ready-fifo",
            "  ringfence replay amdgpu.ftrace.txt --what-if --policy all --priority 4929=high",
            "  ringfence replay --sample"})
final class ReplayCommand implements Callable<Integer> {

    private static final double SLOWEST = 0.001;
    private static final double FASTEST = 1000;
    private static final int MOST_CREDITS = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "The trace.")
    private @Nullable Path file;

    @Option(names = "--sample",
            description = "Replays a small workload that comes with the program, instead of a file.")
    private boolean sample;

    @Option(names = "--virtual",
            description = "On a virtual clock: no waiting, always the same result. What is no Kineto trace is so unless --speed "
                    + "is given.")
    private boolean virtual;

    @Option(names = "--speed", paramLabel = "X",
            description = "In real time, so many times faster than recorded: 0.001 to 1000 (default 1).")
    private @Nullable Double speed;

    @Option(names = "--honor-submit-times",
            description = "Jobs of a Kineto trace are submitted when they were launched, and begin no earlier than the earlier of "
                    + "the end of their launching call and their recorded start. Others always are.")
    private boolean honorSubmitTimes;

    @Option(names = "--policy", paramLabel = "NAME",
            description = "Whose job goes next on a ring: fair, fifo, ready-fifo or rr (default fifo; for i915 ready-fifo); with "
                    + "--what-if also all (the default there).")
    private @Nullable String policy;

    @Option(names = "--credits", paramLabel = "N",
            description = "How many jobs may be on a ring, or contexts of i915: 1 to 1048576 (default as many as there were; for "
                    + "i915 2).")
    private @Nullable Integer credits;

    @Option(names = "--what-if",
            description = "What would have become of the jobs of a ring under --policy (or all of them), --credits and --priority, "
                    + "if each took as long as it did: waiting, shares and makespan, beside the recording.")
    private boolean whatIf;

    @Option(names = "--priority", paramLabel = "CONTEXT=PRIORITY",
            description = "The priority of a context, with --what-if: kernel, high, normal or low. May be given more than once.")
    private Map<String, Priority> priorities = new HashMap<>();

    @Option(names = "--schedule", paramLabel = "FILE",
            description = "Writes when each job was submitted, began and ended, as CSV.")
    private @Nullable Path schedule;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the result to a file.")
    private @Nullable Path json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    ReplayCommand() {
    }

    @Override
    public Integer call() throws Exception {
        if (json != null) {
            JsonFile.checkWritable(json);
        }
        ReplayReport report;
        try {
            report = checkedReplay();
        } catch (InputException | IllegalArgumentException wrong) {
            if (json != null) {
                JsonFile.write(json, out -> out.writeStringField("error", wrong.getMessage()));
            }
            throw wrong;
        }
        return finish(report);
    }

    private ReplayReport checkedReplay() throws InputException, InterruptedException {
        double factor = checkOptions();
        Workload workload = read();
        checkFor(workload);
        if (whatIf) {
            requireSeam(true);
            return new WhatIfRun((Recording) workload).run(policy, credits, priorities);
        }
        boolean isVirtual = virtual || speed == null && workload instanceof Recording;
        requireSeam(isVirtual);
        VirtualWorld world = isVirtual ? VirtualWorld.install() : null;
        try {
            return workload instanceof KinetoTrace trace
                    ? ReplayFigures.report(StreamRun.replay(trace, honorSubmitTimes, world, factor))
                    : new RecordingRun((Recording) workload, world, factor).replay(policy, credits);
        } finally {
            if (world != null) {
                world.uninstall();
            }
        }
    }

    private static void requireSeam(boolean isVirtual) throws InputException {
        if (isVirtual) {
            VirtualClock.require("the virtual clock");
        }
    }

    private double checkOptions() throws InputException {
        if ((file == null) != sample) {
            throw new InputException(file == null
                    ? "FILE is missing: must be a trace, or --sample"
                    : "--sample: has no meaning with a file, " + file);
        }
        if (speed != null && (virtual || whatIf)) {
            throw new InputException(
                    "--speed " + speed + ": has no meaning with " + (virtual ? "--virtual" : "--what-if"));
        }
        double factor = speed == null ? 1 : speed;
        if (!(factor >= SLOWEST && factor <= FASTEST)) {
            throw new InputException("--speed " + speed + ": must be 0.001 to 1000");
        }
        checkPolicy();
        if (credits != null && (credits < 1 || credits > MOST_CREDITS)) {
            throw new InputException("--credits " + credits + ": must be 1 to " + MOST_CREDITS);
        }
        if (schedule != null) {
            JsonFile.checkWritable(schedule);
        }
        return factor;
    }

    private void checkPolicy() throws InputException {
        boolean isAll = WhatIfRun.ALL.equals(policy);
        if (policy != null && !Policies.names().contains(policy) && !(isAll && whatIf)) {
            throw new InputException("--policy " + policy + ": must be one of " + Policies.names()
                    + (isAll ? "; all needs --what-if" : ""));
        }
        if (!whatIf && !priorities.isEmpty()) {
            throw new InputException("--priority " + priorities + ": needs --what-if");
        }
        if (whatIf && schedule != null && (policy == null || isAll)) {
            throw new InputException("--schedule " + schedule + ": needs one --policy with --what-if");
        }
    }

    /** Options that mean nothing for what was recorded are refused. */
    private void checkFor(Workload workload) throws InputException {
        boolean rings = workload instanceof Recording recording && recording.kind() == RecordingKind.RINGS;
        if (!rings && (whatIf || policy != null || credits != null)) {
            String option = whatIf ? "--what-if" : policy != null ? "--policy " + policy : "--credits " + credits;
            throw new InputException(option + ": has no meaning for queues that share no ring, as those of " + file);
        }
    }

    private Workload read() throws InputException {
        Workload trace;
        try {
            trace = file == null ? TraceFile.sample() : TraceFile.read(file);
        } catch (TraceFormatException e) {
            throw new InputException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage());
        }
        PrintWriter err = spec.commandLine().getErr();
        trace.warnings().forEach(warning -> err.println("ringfence: warning: " + warning));
        err.flush();
        return trace;
    }

    private int finish(ReplayReport report) throws InputException {
        if (json != null) {
            JsonFile.write(json, report.json());
        }
        if (schedule != null && report.schedule() != null) {
            try {
                ScheduleCsv.write(schedule, report.schedule());
            } catch (IOException e) {
                throw new InputException(schedule + ": cannot be written: " + e.getMessage());
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(report.text());
        out.flush();
        return report.isPassed() ? 0 : Main.CHECK_FAILED;
    }
}
