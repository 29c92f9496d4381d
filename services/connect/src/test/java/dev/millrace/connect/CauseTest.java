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
    void whatKafkaConnectRefusesIsOneLineOfTheDatabasesOwnWords() {
        assertThat(
                        Cause.refused(
                                """
                                Connector configuration is invalid and contains the following 1 error(s):
                                Error while validating connector config: FATAL: database "nowhere" does not exist
                                You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`
                                """))
                .isEqualTo("database \"nowhere\" does not exist");
        assertThat(Cause.refused("Connector shop\n\n  exists\n"))
                .isEqualTo("Connector shop exists");
        assertThat(Cause.refused(null)).isEqualTo("It does not say why");
    }

    @Test
    void whatTheDatabaseSaysIsToldWithoutWhoSaysIt() {
        assertThat(
                        Cause.of(
                                "Caused by: org.postgresql.util.PSQLException: FATAL: permission denied to start WAL sender"))
                .isEqualTo("permission denied to start WAL sender");
        assertThat(
                        Cause.of(
                                "Caused by: java.sql.SQLException: (conn=42) Access denied; you need X."))
                .isEqualTo("Access denied; you need X");
    }
}
