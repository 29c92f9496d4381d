package dev.millrace.local.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LoggingSystem;

/** What the person at the terminal reads; everything else goes to the log file. */
final class Console {
    private Console() {}

    /** Says one line. */
    static void say(String format, Object... arguments) {
        System.out.println(format.formatted(arguments));
        System.out.flush();
    }

    /** Keeps log lines from the terminal until the log file is set up. */
    static void keepQuiet() {
        LoggingSystem.get(Console.class.getClassLoader()).beforeInitialize();
    }

    /** The log file. */
    static Logger log() {
        return LoggerFactory.getLogger("millrace");
    }
}
