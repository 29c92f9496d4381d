package dev.millrace.pipeline.capture;

import dev.millrace.pipeline.plan.DatabasePlan;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.TableSpec.Engine;
import dev.millrace.pipeline.resource.TableSpec.Tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A database that is followed, by one connector: Debezium's, in Kafka Connect. Only the declared
 * columns leave the database.
 *
 * @param owner what tells this pipeline from others of its name: its namespace
 * @param pipeline the pipeline's name
 * @param database where it is
 * @param tables the tables that are captured from it, at least one
 */
public record CapturedDatabase(
        String owner, String pipeline, DatabasePlan database, List<TablePlan> tables) {
    private static final int LONGEST_SLOT = 63;
    private static final Pattern SPECIAL = Pattern.compile("[^A-Za-z0-9_]");

    /** The databases of a plan, in the order of its tables. */
    public static List<CapturedDatabase> of(String owner, Plan plan) {
        Map<DatabasePlan, List<TablePlan>> tables = new LinkedHashMap<>();
        for (TablePlan table : plan.tables()) {
            if (table.source() instanceof TablePlan.Capture capture) {
                tables.computeIfAbsent(capture.database(), _ -> new ArrayList<>()).add(table);
            }
        }
        return tables.entrySet().stream()
                .map(
                        each ->
                                new CapturedDatabase(
                                        owner, plan.name(), each.getKey(), each.getValue()))
                .toList();
    }

    /**
     * The connector's name. It is another where other tables or columns are captured, or another
     * server: a connector without a past, which reads all rows again.
     */
    public String connector() {
        String prefix = database.prefix().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String end = "-" + HexFormat.of().formatHex(digest(), 0, 4);
        String name = prefix.equals(pipeline) ? pipeline + "-cdc" : pipeline + "-cdc-" + prefix;
        return name.replaceAll("-+$", "") + end;
    }

    /** The topic in which MySQL's and MariaDB's connectors remember how tables were made. */
    public String historyTopic() {
        return connector() + "-history";
    }

    /** Whether the connector needs {@link #historyTopic()}. */
    public boolean hasHistory() {
        return database.engine() != Engine.postgresql;
    }

    /**
     * The connector's settings; where MySQL's and MariaDB's remember how tables were made is for
     * the caller to add.
     *
     * @param username the user's name, or a reference that Kafka Connect resolves
     * @param password the password, or such a reference
     */
    public Map<String, String> settings(String username, String password) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("connector.class", type());
        settings.put("tasks.max", "1");
        settings.put("topic.prefix", database.prefix());
        settings.put("database.hostname", database.host());
        settings.put("database.port", Integer.toString(database.port()));
        settings.put("database.user", username);
        settings.put("database.password", password);
        settings.put(
                "table.include.list",
                tables.stream().map(this::quoted).collect(Collectors.joining(",")));
        settings.put("column.include.list", columns(_ -> true));
        // the row's key is the record's: the topic is compacted by it, whatever the primary key is
        settings.put("message.key.columns", keys());
        // a snapshot first, and again where the database has dropped changes that were not read yet
        settings.put("snapshot.mode", "when_needed");
        settings.put("decimal.handling.mode", "double");
        settings.put("time.precision.mode", "isostring");
        settings.put("include.schema.changes", "false");
        settings.put("poll.interval.ms", "100");
        for (String side : List.of("key", "value")) {
            settings.put(side + ".converter", "org.apache.kafka.connect.json.JsonConverter");
            settings.put(side + ".converter.schemas.enable", "false");
        }
        // an event of 1 MB is the most that a topic of rows takes
        settings.put("producer.override.max.request.size", "2097152");
        settings.put("producer.override.compression.type", "lz4");
        if (database.engine() == Engine.postgresql) {
            postgresql(settings);
        } else {
            mysql(settings);
        }
        return settings;
    }

    private String type() {
        return switch (database.engine()) {
            case mariadb -> "io.debezium.connector.mariadb.MariaDbConnector";
            case mysql -> "io.debezium.connector.mysql.MySqlConnector";
            case postgresql -> "io.debezium.connector.postgresql.PostgresConnector";
        };
    }

    private void mysql(Map<String, String> settings) {
        settings.put("database.include.list", database.database());
        // a replica's number, which no other of the server may have
        settings.put("database.server.id", Integer.toString(serverId()));
        settings.put("database.ssl.mode", tls());
        if (database.engine() == Engine.mysql && database.tls() == Tls.disable) {
            // without TLS its driver asks for the key that passwords are encrypted with
            settings.put("driver.allowPublicKeyRetrieval", "true");
        }
        // how soon it sees that the server was away; a minute if it is not said
        settings.put("connect.keep.alive.interval.ms", "5000");
        settings.put("bigint.unsigned.handling.mode", "long");
        settings.put("schema.history.internal.store.only.captured.tables.ddl", "true");
        String booleans = columns(field -> field.type() == FieldType.bool);
        if (!booleans.isEmpty()) {
            settings.put("converters", "booleans");
            settings.put(
                    "booleans.type",
                    database.engine() == Engine.mysql
                            ? "io.debezium.connector.mysql.converters.TinyIntOneToBooleanConverter"
                            : "io.debezium.connector.binlog.converters.TinyIntOneToBooleanConverter");
            settings.put("booleans.selector", booleans);
        }
    }

    private void postgresql(Map<String, String> settings) {
        settings.put("database.dbname", database.database());
        settings.put("database.sslmode", tls());
        if (database.tls() == Tls.verify) {
            // by what Java trusts, not by a file in a home that the pods have not
            settings.put("database.sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        settings.put("plugin.name", "pgoutput");
        settings.put("publication.autocreate.mode", "filtered");
        settings.put("slot.name", publication());
        settings.put("publication.name", publication());
    }

    /** The name of the publication of PostgreSQL that is read, and of its replication slot. */
    public String publication() {
        String name = String.join("_", "millrace", owner, pipeline, database.prefix());
        String plain = SPECIAL.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("_");
        return plain.substring(0, Math.min(plain.length(), LONGEST_SLOT));
    }

    private String tls() {
        return switch (database.engine()) {
            case mariadb ->
                    switch (database.tls()) {
                        case disable -> "disable";
                        case require -> "trust";
                        case verify -> "verify-full";
                    };
            case mysql ->
                    switch (database.tls()) {
                        case disable -> "disabled";
                        case require -> "required";
                        case verify -> "verify_identity";
                    };
            case postgresql ->
                    switch (database.tls()) {
                        case disable -> "disable";
                        case require -> "require";
                        case verify -> "verify-full";
                    };
        };
    }

    private String keys() {
        return tables.stream()
                .map(table -> quoted(table) + ":" + table.key())
                .collect(Collectors.joining(";"));
    }

    private String columns(Predicate<FieldPlan> which) {
        return tables.stream()
                .flatMap(
                        table ->
                                table.schema().fields().stream()
                                        .filter(which)
                                        .map(field -> quoted(table) + "\\." + field.name()))
                .collect(Collectors.joining(","));
    }

    /** The table's name as a regular expression, which Debezium takes all names for. */
    private String quoted(TablePlan table) {
        return ((TablePlan.Capture) table.source()).qualified().replace(".", "\\.");
    }

    /** Between 10 million and 2 billion: far from the small numbers that people choose. */
    private int serverId() {
        return 10_000_000 + Math.floorMod(ByteBuffer.wrap(digest()).getInt(4), 1_990_000_000);
    }

    private byte[] digest() {
        StringBuilder text = new StringBuilder();
        text.append(owner)
                .append('\n')
                .append(pipeline)
                .append('\n')
                .append(database.engine())
                .append('\n')
                .append(database.host())
                .append('\n')
                .append(database.port())
                .append('\n')
                .append(database.database())
                .append('\n')
                .append(database.prefix());
        for (TablePlan table : tables) {
            text.append('\n').append(quoted(table)).append(' ').append(table.key());
            table.schema().fields().stream()
                    .map(FieldPlan::name)
                    .sorted()
                    .forEach(name -> text.append(' ').append(name));
        }
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
