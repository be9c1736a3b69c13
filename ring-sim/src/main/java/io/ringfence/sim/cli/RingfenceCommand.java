package io.ringfence.sim.cli;

import picocli.CommandLine.Command;

/** The program: its subcommands do the work. */
@Command(name = "ringfence", mixinStandardHelpOptions = true, version = "ringfence 0.1.0",
        description = "A job queue for devices that work on their own time, on an embedded firmware.",
        subcommands = {RunCommand.class, ReplayCommand.class, ExploreCommand.class, SoakCommand.class,
            ProveCommand.class, BenchCommand.class, ScheduleCommand.class, FairnessCommand.class},
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n", footer = {"", "Examples:", "  ringfence run",
            "  ringfence replay trace.json.gz --virtual --honor-submit-times", "  ringfence explore",
            "  ringfence soak --seconds 60", "  ringfence schedule"})
final class RingfenceCommand {
}
