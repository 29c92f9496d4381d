package dev.millrace.local;

import dev.millrace.local.prove.ProveCommand;
import dev.millrace.local.run.RehearseCommand;
import dev.millrace.local.run.RunCommand;
import dev.millrace.local.send.SendCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.util.Locale;

/** The command line of Millrace; {@code ./millrace} calls it. */
@Command(
        name = "millrace",
        description = "Declare a live analytics pipeline in one manifest, and watch it run.",
        subcommands = {
            RunCommand.class,
            SendCommand.class,
            ProveCommand.class,
            RehearseCommand.class
        })
public final class Main {
    /**
     * Runs a command; ends with 0, with 1 when it failed, or with 2 when it was not called rightly.
     */
    public static void main(String[] arguments) {
        // Kafka's broker does not start where the capital of i is not I, as in Turkish.
        Locale.setDefault(Locale.ROOT);
        CommandLine line = new CommandLine(new Main());
        line.setExecutionExceptionHandler(
                (failure, command, parsed) -> {
                    if (!(failure instanceof CommandFailure)) {
                        throw failure;
                    }
                    System.err.println(failure.getMessage());
                    return ((CommandFailure) failure).exitCode();
                });
        System.exit(line.execute(arguments));
    }
}
