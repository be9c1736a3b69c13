package io.ringfence.sim.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.ParameterException;

/**
 * Where the program begins. Exit codes: 0 done and checked, 1 the check failed, 2 wrong options or input, with one line
 * on standard error that names what is wrong.
 */
public final class Main {

    static final int CHECK_FAILED = 1;
    static final int WRONG_INPUT = 2;

    private Main() {
    }

    /**
     * Runs the program and ends the process.
     *
     * @param arguments a command and its options
     */
    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /**
     * Runs the program.
     *
     * @param arguments a command and its options
     * @return the exit code
     */
    static int execute(String... arguments) {
        CommandLine program = new CommandLine(new RingfenceCommand());
        program.setCaseInsensitiveEnumValuesAllowed(true);
        program.setParameterExceptionHandler(Main::wrongParameter);
        program.setExecutionExceptionHandler((thrown, command, _) -> {
            if (thrown instanceof InputException || thrown instanceof IllegalArgumentException) {
                return complain(command, thrown.getMessage());
            }
            if (thrown instanceof InterruptedException) {
                return CHECK_FAILED;
            }
            throw thrown;
        });
        if (arguments.length == 0) {
            program.usage(program.getErr());
            return WRONG_INPUT;
        }
        return program.execute(arguments);
    }

    private static int wrongParameter(ParameterException thrown, String[] arguments) {
        ArgSpec argument = thrown.getArgSpec();
        if (argument != null && argument.description().length > 0) {
            // The description names the range; what the default is does not matter here.
            String range = argument.description()[0].replaceFirst(" \\(default.*", "");
            return complain(thrown.getCommandLine(), thrown.getMessage() + "; " + argument.paramLabel() + ": " + range);
        }
        return complain(thrown.getCommandLine(), thrown.getMessage());
    }

    private static int complain(CommandLine command, @Nullable String text) {
        String message = String.valueOf(text).lines().findFirst().orElse("wrong input");
        command.getErr().println("ringfence: " + message);
        command.getErr().flush();
        return WRONG_INPUT;
    }
}
