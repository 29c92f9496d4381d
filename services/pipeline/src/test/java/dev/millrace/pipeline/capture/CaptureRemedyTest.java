package dev.millrace.pipeline.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.manifest.ManifestReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What to do about what databases and Debezium say. */
class CaptureRemedyTest {
    private static CapturedDatabase database(String engine) {
        return CapturedDatabase.of(
                        "here",
                        ManifestReader.parse(
                                "test",
                                """
                                apiVersion: millrace.dev/v1alpha1
                                kind: AnalyticsPipeline
                                metadata: {name: pizza}
                                spec:
                                  tables:
                                    - name: people
                                      key: id
                                      fields: {id: {type: integer}}
                                      cdc: {engine: %s, host: db, database: crm, table: users, secretRef: s}
                                  streams: [{name: orders, fields: {id: {type: string}}}]
                                  metrics: [{name: orders, from: orders, measure: count, window: 5m}]
                                """
                                        .formatted(engine)))
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mysql | Access denied for user 'a'@'b' (using password: YES) | username and the password",
                "mysql | Access denied for user 'a'@'%' to database 'crm' | grant select, lock tables on crm.*",
                "mariadb | Access denied; you need (at least one of) the RELOAD privilege(s) | replication slave",
                "mariadb | SELECT command denied to user 'a'@'b' for table 'users' | grant select",
                "mysql | The database server is not configured to use a ROW binlog_format, which is | binlog-format = ROW",
                "mysql | Cannot read the binlog filename and position via 'SHOW MASTER STATUS' | log-bin",
                "mysql | Communications link failure | host, port and network",
                "postgresql | password authentication failed for user \"a\" | the password",
                "postgresql | database \"crm\" does not exist | create it",
                "postgresql | permission denied to start WAL sender | alter role",
                "postgresql | permission denied for database crm | create publication millrace_here_pizza_pizza for table public.users",
                "postgresql | must be owner of table users | create publication",
                "postgresql | permission denied for table users | grant select on public.users",
                "postgresql | Postgres server wal_level property must be 'logical' but is: 'replica' | wal_level = logical",
                "postgresql | Connection to db:5432 refused. Check that the hostname and port are correct | whether the database runs",
                "postgresql | The server does not support SSL | tls: disable",
            })
    void whatIsSaidHasARemedy(String engine, String failure, String remedy) {
        assertThat(CaptureRemedy.of(database(engine), failure).orElseThrow()).contains(remedy);
    }

    @Test
    void whatIsNotKnownHasNone() {
        assertThat(CaptureRemedy.of(database("postgresql"), "The moon is full")).isEmpty();
    }
}
