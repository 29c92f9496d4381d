package dev.millrace.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;

import org.slf4j.LoggerFactory;

import java.util.Map;

/**
 * Lets the servers log warnings only, where Logback logs and nobody chose their levels: a starting
 * broker alone writes hundreds of lines.
 */
final class QuietLogs {

    private QuietLogs() {}

    static void apply() {
        if (isLogback()) {
            WithLogback.apply();
        }
    }

    private static boolean isLogback() {
        return LoggerFactory.getILoggerFactory()
                .getClass()
                .getName()
                .equals("ch.qos.logback.classic.LoggerContext");
    }

    /** Loaded only when Logback is there. */
    private static final class WithLogback {

        private static final Map<String, Level> LOUD =
                Map.of(
                        "org.apache.kafka", Level.WARN,
                        // Warnings of every start and stop.
                        "org.apache.kafka.controller.QuorumController", Level.ERROR,
                        "org.apache.kafka.clients.NetworkClient", Level.ERROR,
                        "kafka", Level.WARN,
                        // Says "unexpected" of a request that comes while it starts and is sent
                        // again.
                        "kafka.server.ControllerApis", Level.OFF,
                        "state.change.logger", Level.WARN,
                        "de.bwaldvogel", Level.WARN,
                        "de.bwaldvogel.mongo.MongoServer", Level.ERROR,
                        "io.netty", Level.WARN);

        static void apply() {
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
                LOUD.forEach(
                        (name, level) -> {
                            var logger = context.getLogger(name);
                            if (logger.getLevel() == null) {
                                logger.setLevel(level);
                            }
                        });
            }
        }
    }
}
