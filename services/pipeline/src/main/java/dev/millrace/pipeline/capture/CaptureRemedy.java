package dev.millrace.pipeline.capture;

import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.resource.TableSpec.Engine;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What to do about a database that cannot be followed, by what it or Debezium says in English. Each
 * is told as the rest of a sentence.
 */
public final class CaptureRemedy {
    private static final Map<String, String> BINLOG = new LinkedHashMap<>();

    static {
        String rights =
                "grant reload, show databases, replication slave, replication client on *.* to the user";
        BINLOG.put("you need (at least one of)", rights);
        BINLOG.put("access denied; you need", rights);
        BINLOG.put("to database", "grant select, lock tables on {database}.* to the user");
        BINLOG.put("command denied", "grant select, lock tables on {database}.* to the user");
        BINLOG.put("access denied for user", "check the username and the password");
        BINLOG.put("unknown database", "create it, or correct cdc.database");
        BINLOG.put(
                "no such tables",
                "check cdc.database and cdc.table, create what is missing, and grant select, lock tables on {database}.* to the user");
        BINLOG.put(
                "row binlog_format",
                "set binlog-format = ROW in the server's settings, and restart it");
        BINLOG.put(
                "binlog_row_image",
                "set binlog-row-image = FULL in the server's settings, and restart it");
        BINLOG.put(
                "binlog filename and position",
                "set log-bin = binlog and server-id = 1 in the server's settings, and restart it");
        BINLOG.put(
                "public key retrieval",
                "use TLS: set tls: require and let the server offer it, or give the user another way to log in");
    }

    private static final Map<String, String> POSTGRESQL = new LinkedHashMap<>();

    static {
        POSTGRESQL.put("password authentication failed", "check the username and the password");
        POSTGRESQL.put("no pg_hba.conf entry", "let the user in from there in pg_hba.conf");
        POSTGRESQL.put("wal_level", "set wal_level = logical in postgresql.conf, and restart it");
        POSTGRESQL.put("wal sender", "say: alter role USER replication");
        POSTGRESQL.put("login and replication", "say: alter role USER login replication");
        POSTGRESQL.put("must be superuser or replication", "say: alter role USER replication");
        POSTGRESQL.put("permission to use replication slots", "say: alter role USER replication");
        String publication =
                "say as the owner of the tables: create publication {publication} for table {tables}";
        POSTGRESQL.put("permission denied for database", publication);
        POSTGRESQL.put("must be owner of", publication);
        POSTGRESQL.put("permission denied for table", "say: grant select on {tables} to USER");
        POSTGRESQL.put("permission denied for schema", "say: grant usage on schema … to USER");
        POSTGRESQL.put(
                "filtered publication",
                "check cdc.schema and cdc.table, or create what is missing");
        POSTGRESQL.put(
                "no such tables", "check cdc.schema and cdc.table, or create what is missing");
        POSTGRESQL.put("does not exist", "create it, or correct what the manifest calls it");
        POSTGRESQL.put(
                "replication slots are in use",
                "raise max_replication_slots, or drop a slot that nobody reads: pg_drop_replication_slot");
        POSTGRESQL.put(
                "is active for pid",
                "something else reads the slot {publication}: end it, or wait until the server sees that it has gone");
    }

    private static final Map<String, String> ALL = new LinkedHashMap<>();

    static {
        String reach = "check host, port and network, and whether the database runs";
        ALL.put("refused", reach);
        ALL.put("communications link failure", reach);
        ALL.put("unknown host", reach);
        ALL.put("unknownhost", reach);
        ALL.put("connection attempt failed", reach);
        ALL.put("fail to connect", reach);
        ALL.put("timed out", reach);
        ALL.put("does not support ssl", "let the server offer TLS, or set tls: disable");
    }

    private CaptureRemedy() {}

    /**
     * What to do.
     *
     * @param failure what the database, or Debezium, says
     * @return empty where that is not known
     */
    public static Optional<String> of(CapturedDatabase database, String failure) {
        String text = failure.toLowerCase(Locale.ROOT);
        return find(database.database().engine() == Engine.postgresql ? POSTGRESQL : BINLOG, text)
                .or(() -> find(ALL, text))
                .map(
                        remedy ->
                                remedy.replace("{database}", database.database().database())
                                        .replace("{tables}", tables(database))
                                        .replace("{publication}", database.publication()));
    }

    private static Optional<String> find(Map<String, String> remedies, String text) {
        return remedies.entrySet().stream()
                .filter(each -> text.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String tables(CapturedDatabase database) {
        return database.tables().stream()
                .map(table -> ((TablePlan.Capture) table.source()).qualified())
                .collect(Collectors.joining(", "));
    }
}
