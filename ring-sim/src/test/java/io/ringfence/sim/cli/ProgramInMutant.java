package io.ringfence.sim.cli;

import java.util.function.Function;

/** The program, for a class loader that has a mistake in it: exit code, then standard output. */
public final class ProgramInMutant implements Function<String[], String[]> {

    /** For reflection. */
    public ProgramInMutant() {
    }

    @Override
    public String[] apply(String[] arguments) {
        Cli cli = Cli.run((Object[]) arguments);
        return new String[] {String.valueOf(cli.code()), cli.out()};
    }
}
