package dev.millrace.local.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the person at the terminal reads; everything else goes to the log file. */
final class Console {
    private static final Logger LOG = LoggerFactory.getLogger("millrace");

    private Console() {}

    /** Says one line. */
    static void say(String format, Object... arguments) {
        System.out.println(format.formatted(arguments));
        System.out.flush();
    }

    /** The log file. */
    static Logger log() {
        return LOG;
    }
}
