package dev.millrace.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.EmbeddedConnect;
import dev.millrace.embedded.EmbeddedConnect.Connectors;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.FreePorts;
import dev.millrace.pipeline.capture.CaptureRemedy;
import dev.millrace.pipeline.capture.CapturedDatabase;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.resource.TableSpec.Engine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is wrong with a database, and what to do, is told in one line. */
class CaptureFailuresTest {
    private static final Path CONNECT = Path.of("../connect/target/connect").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir Path folder;
    private final List<Database> databases = new ArrayList<>();
    private final Map<String, Map<String, String>> settings = new LinkedHashMap<>();
    private final Map<String, CapturedDatabase> captured = new HashMap<>();

    @AfterEach
    void close() throws Exception {
        for (Database database : databases) {
            database.close();
        }
    }

    private Database start(Engine engine, String... options) throws Exception {
        Database database = Database.start(engine, folder.resolve("d" + databases.size()), options);
        databases.add(database);
        return database;
    }

    /** Captures the table {@code products} of a database as a user whose password is "secret". */
    private void capture(
            String prefix, Engine engine, Database server, String database, String user) {
        CapturedDatabase each =
                CapturedDatabase.of(
                                "local",
                                ManifestReader.parse(
                                        "test",
                                        """
                                        apiVersion: millrace.dev/v1alpha1
                                        kind: AnalyticsPipeline
                                        metadata: {name: shop}
                                        spec:
                                          tables:
                                            - name: products
                                              key: id
                                              fields: {id: {type: integer}, name: {type: string}}
                                              cdc: {engine: %s, host: 127.0.0.1, port: %d, database: %s, table: products,
                                                secretRef: s, tls: disable, prefix: %s}
                                          streams: [{name: orders, fields: {id: {type: string}}}]
                                          metrics: [{name: orders, from: orders, measure: count, window: 5m}]
                                        """
                                                .formatted(
                                                        engine, server.port(), database, prefix)))
                        .getFirst();
        Map<String, String> connector = each.settings(user, "secret");
        if (each.hasHistory()) {
            connector.put(
                    "schema.history.internal",
                    "io.debezium.storage.file.history.FileSchemaHistory");
            connector.put(
                    "schema.history.internal.file.filename",
                    folder.resolve(each.historyTopic()).toString());
        }
        connector.put("errors.max.retries", "0");
        settings.put(each.connector(), connector);
        captured.put(prefix, each);
    }

    /** Awaits what is told of each database, by its prefix: what it says, and what to do. */
    private void awaitTold(Engine engine, Map<String, String> expected) throws Exception {
        Map<String, String> told = new TreeMap<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), FreePorts.one());
                EmbeddedConnect connect =
                        EmbeddedConnect.start(
                                folder.resolve("connect"),
                                CONNECT,
                                kafka.bootstrapServers(),
                                new Connectors(settings, Map.of(), Set.of(engine.name())))) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!areIn(told, expected) && System.nanoTime() < deadline) {
                Map<String, String> states = connect.states();
                captured.forEach(
                        (prefix, each) -> {
                            String state = states.getOrDefault(each.connector(), "");
                            String remedy = CaptureRemedy.of(each, state).orElse("");
                            told.put(prefix, state + ": " + remedy);
                        });
                Thread.sleep(100);
            }
        }
        assertThat(areIn(told, expected)).as("%s%n as told in%n%s", expected, told).isTrue();
    }

    private static boolean areIn(Map<String, String> told, Map<String, String> expected) {
        return expected.entrySet().stream()
                .allMatch(each -> told.getOrDefault(each.getKey(), "").contains(each.getValue()));
    }

    @Test
    void whatPostgresqlLacksIsTold() throws Exception {
        Database logical = start(Engine.postgresql);
        Database replica = start(Engine.postgresql, "--wal_level=replica");
        for (Database server : databases) {
            server.sql(
                    "create database shop",
                    "create role reader login replication password 'secret'",
                    "create role plain login password 'secret'",
                    "create role blind login replication password 'secret'",
                    "create role other login replication password 'another'");
            server.sqlIn(
                    "shop",
                    "create table products (id int primary key, name text)",
                    "grant select on products to reader, plain, other");
        }
        logical.sqlIn("shop", "create publication millrace_local_shop_blind for table products");
        replica.sqlIn("shop", "create publication millrace_local_shop_level for table products");
        capture("password", Engine.postgresql, logical, "shop", "other");
        capture("database", Engine.postgresql, logical, "nowhere", "reader");
        capture("replication", Engine.postgresql, logical, "shop", "plain");
        capture("publication", Engine.postgresql, logical, "shop", "reader");
        capture("blind", Engine.postgresql, logical, "shop", "blind");
        capture("level", Engine.postgresql, replica, "shop", "reader");

        awaitTold(
                Engine.postgresql,
                Map.of(
                        "password",
                        "password authentication failed for user \"other\": check the username and the password",
                        "database",
                        "database \"nowhere\" does not exist: create it, or correct what the manifest calls it",
                        "replication",
                        "permission denied to start WAL sender: say: alter role USER replication",
                        "publication",
                        "permission denied for database shop: say as the owner of the tables: create publication millrace_local_shop_publication for table public.products",
                        "blind",
                        "permission denied for table products: say: grant select on public.products to USER",
                        "level",
                        ": set wal_level = logical in postgresql.conf, and restart it"));
    }

    @Test
    void whatMysqlLacksIsTold() throws Exception {
        Database server = start(Engine.mysql);
        Database silent = start(Engine.mysql, "--skip-log-bin");
        for (Database each : databases) {
            each.sql(
                    "create database shop",
                    "create table shop.products (id int primary key, name text)",
                    "create user reader identified by 'secret'",
                    "grant select, lock tables on shop.* to reader",
                    "grant reload, show databases, replication slave, replication client on *.* to reader",
                    "create user plain identified by 'secret'",
                    "grant select, lock tables on shop.* to plain",
                    "create user blind identified by 'secret'",
                    "grant reload, show databases, replication slave, replication client on *.* to blind",
                    "create user client identified by 'secret'",
                    "grant select, lock tables on shop.* to client",
                    "grant reload, show databases, replication client on *.* to client",
                    "create user other identified by 'another'");
        }
        capture("password", Engine.mysql, server, "shop", "other");
        capture("database", Engine.mysql, server, "nowhere", "reader");
        capture("reload", Engine.mysql, server, "shop", "plain");
        capture("replication", Engine.mysql, server, "shop", "client");
        capture("blind", Engine.mysql, server, "shop", "blind");
        capture("binlog", Engine.mysql, silent, "shop", "reader");

        String rights =
                "grant reload, show databases, replication slave, replication client on *.* to the user";
        String absent =
                "There are no such tables, or the user may not read them: check cdc.database and cdc.table, create what is missing, and grant select, lock tables on %s.* to the user";
        awaitTold(
                Engine.mysql,
                Map.of(
                        "password",
                        "Access denied for user 'other'@'localhost' (using password: YES): check the username and the password",
                        "database",
                        absent.formatted("nowhere"),
                        "reload",
                        "Access denied; you need (at least one of) the RELOAD privilege(s) for this operation: "
                                + rights,
                        "replication",
                        "Access denied; you need (at least one of) the REPLICATION SLAVE privilege(s) for this operation: "
                                + rights,
                        "blind",
                        absent.formatted("shop"),
                        "binlog",
                        "Cannot read the binlog filename and position via 'SHOW MASTER STATUS'. Make sure your server is correctly configured: set log-bin = binlog and server-id = 1 in the server's settings, and restart it"));
    }
}
