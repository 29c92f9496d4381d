package dev.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Traces become one line that a person can act on. */
class CauseTest {
    @Test
    void theLastCauseIsTold() {
        assertThat(
                        Cause.of(
                                """
                                org.apache.kafka.connect.errors.ConnectException: An exception occurred
                                \tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)
                                Caused by: io.debezium.DebeziumException: java.sql.SQLException: Access denied
                                \tat io.debezium.Somewhere.there(Somewhere.java:1)
                                Caused by: java.sql.SQLException: Access denied for user 'a'@'b'
                                \t... 7 more
                                """))
                .isEqualTo("Access denied for user 'a'@'b'");
    }

    @Test
    void aTraceWithoutCausesTellsItself() {
        assertThat(Cause.of("java.lang.IllegalStateException: No binlog\n\tat a.b.C.d(C.java:1)"))
                .isEqualTo("No binlog");
        assertThat(Cause.of(null)).isEqualTo("It does not say why");
        assertThat(Cause.of("")).isEqualTo("It does not say why");
    }

    @Test
    void whatKafkaConnectRefusesIsOneLine() {
        assertThat(Cause.line("Connector configuration is invalid:\n\n  No user\n"))
                .isEqualTo("Connector configuration is invalid: No user");
    }
}
