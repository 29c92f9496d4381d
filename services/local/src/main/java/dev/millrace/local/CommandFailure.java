package dev.millrace.local;

/** A command that cannot do what it was asked, with a message for the person who asked. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /** A failure while working: exit code 1. */
    public CommandFailure(String message) {
        this(message, 1);
    }

    /** A failure with an exit code. */
    public CommandFailure(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** What the process ends with. */
    public int exitCode() {
        return exitCode;
    }
}
