package dev.millrace.audit.recount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;

import dev.millrace.audit.Manifests;
import dev.millrace.audit.document.Entry;
import dev.millrace.audit.store.EventStore;
import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.testing.TestServers;

import org.apache.kafka.common.TopicPartition;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

class RecountTest {
    private static final long START = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
    private static final int MINUTE = 60_000;

    private final Plan plan = Manifests.clicks("wall", 1, "{}");
    private final StreamPlan stream = plan.streams().getFirst();
    private final List<Entry> entries = new ArrayList<>();
    private MongoClient client;
    private MongoDatabase database;

    @BeforeEach
    void connect() {
        client = MongoClients.create(TestServers.mongo().uri("any"));
        database = client.getDatabase("recount-" + plan.name());
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    private record Click(long at, String user, String kind, Double amount, Long size, String path) {
        String json() {
            StringBuilder json = new StringBuilder("{\"doc_type\":\"mine\",\"_id\":7,");
            json.append("\"at\":").append(at).append(",\"user\":\"").append(user).append('"');
            json.append(",\"kind\":\"").append(kind).append('"');
            if (amount != null) {
                json.append(",\"amount\":").append(String.format(Locale.ROOT, "%.7f", amount));
            }
            if (size != null) {
                json.append(",\"size\":").append(size);
            }
            if (path != null) {
                json.append(",\"page\":{\"path\":\"").append(path).append("\",\"$x\":1}");
            }
            return json.append('}').toString();
        }
    }

    private static List<Click> clicks(int count) {
        Random random = new Random(23);
        List<String> paths =
                java.util.Arrays.asList("/", "/cart", "", "$x", "a.b", "é\\u001f", null);
        List<Click> clicks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clicks.add(
                    new Click(
                            START + random.nextInt(3 * MINUTE),
                            "user-" + random.nextInt(60),
                            random.nextInt(4) == 0 ? "buy" : "view",
                            random.nextBoolean() ? random.nextInt(100_000_000) / 1e7 : null,
                            random.nextBoolean() ? (long) random.nextInt() << 20 : null,
                            paths.get(random.nextInt(paths.size()))));
        }
        return clicks;
    }

    private void record(String json) {
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        var decided =
                new Admission(stream, Clock.wall, new EventDecoder(stream), 0)
                        .admit(value, START + MINUTE);
        entries.add(
                new Entry(
                        new TopicPartition(stream.topic().name(), 0),
                        entries.size(),
                        Optional.empty(),
                        START + MINUTE,
                        value,
                        decided instanceof Event event ? event.time() : 0,
                        decided instanceof Rejected rejected ? rejected : null,
                        0,
                        0));
    }

    private Recount recorded() {
        new EventStore(database, "events", null).write(entries);
        return Recount.of(plan, database.getCollection("events"));
    }

    private MeasurePlan metric(String name) {
        return (MeasurePlan) plan.metric(name).orElseThrow();
    }

    private static String unescaped(String path) {
        return path == null ? "\u0018" : path.replace("é\\u001f", "é\u001b\u001f");
    }

    @Test
    void agreesWithCountingByHand() {
        List<Click> clicks = clicks(4_000);
        clicks.forEach(click -> record(click.json()));
        record("{\"user\":\"invalid\"}");
        Recount recount = recorded();
        long from = START + MINUTE;
        long to = START + 2 * MINUTE;
        List<Click> within =
                clicks.stream().filter(click -> click.at >= from && click.at < to).toList();

        long buys = within.stream().filter(click -> click.kind.equals("buy")).count();
        Map<String, BigDecimal> byPath = new TreeMap<>();
        Map<String, BigDecimal> bytes = new TreeMap<>();
        Map<String, Set<String>> usersByPath = new TreeMap<>();
        Set<String> users = new HashSet<>();
        BigDecimal revenue = BigDecimal.ZERO;
        for (Click click : within) {
            String path = unescaped(click.path);
            byPath.merge(path, BigDecimal.ONE, BigDecimal::add);
            long size = click.size == null ? 0 : click.size;
            bytes.merge(click.kind, BigDecimal.valueOf(size), BigDecimal::add);
            users.add(click.user);
            usersByPath
                    .computeIfAbsent(click.kind + "\u001f" + path, any -> new HashSet<>())
                    .add(click.user);
            if (click.amount != null) {
                double sent = Double.parseDouble(String.format(Locale.ROOT, "%.7f", click.amount));
                revenue = revenue.add(BigDecimal.valueOf(Math.round(sent * 1e6), 6));
            }
        }

        assertThat(recount.measure(metric("clicks"), from, to))
                .isEqualTo(new Counted(BigDecimal.valueOf(within.size()), Map.of(), 0));
        assertThat(recount.measure(metric("views"), from, to).value())
                .isEqualTo(BigDecimal.valueOf(within.size() - buys));
        assertThat(recount.measure(metric("by_path"), from, to).groups()).isEqualTo(byPath);
        assertThat(recount.measure(metric("revenue"), from, to).value())
                .isEqualByComparingTo(revenue);
        assertThat(recount.measure(metric("bytes"), from, to).groups()).isEqualTo(bytes);
        assertThat(recount.measure(metric("users"), from, to).value())
                .isEqualTo(BigDecimal.valueOf(users.size()));
        Counted grouped = recount.measure(metric("users_by_path"), from, to);
        assertThat(grouped.value()).isEqualTo(BigDecimal.valueOf(users.size()));
        assertThat(grouped.groups()).hasSize(usersByPath.size());
        usersByPath.forEach(
                (group, set) ->
                        assertThat(grouped.groups().get(group))
                                .isEqualTo(BigDecimal.valueOf(set.size())));
        assertThat(usersByPath).containsKey("view\u001f\u0018");
        assertThat(within.size()).isGreaterThan(1_000);

        Span all = new Span(metric("clicks"), 0, Long.MAX_VALUE);
        Span early = new Span(metric("by_path"), START, from);
        Map<Span, Counted> both = recount.measure(List.of(all, early));
        assertThat(both.get(all).value()).isEqualTo(BigDecimal.valueOf(4_000));
        assertThat(both.get(early).value())
                .isEqualTo(
                        BigDecimal.valueOf(
                                clicks.stream().filter(click -> click.at < from).count()));
    }

    @Test
    void countsOnlyItsOwnTopic() {
        record(new Click(START, "u", "view", null, null, null).json());
        Recount recount = recorded();
        var events = database.getCollection("events", BsonDocument.class);
        BsonDocument document = events.find().first();
        for (String topic :
                List.of(stream.topic().name() + "0", "other", stream.topic().name() + "-x")) {
            document.put("_id", new org.bson.BsonString(topic + ":0:0"));
            events.insertOne(document);
        }
        assertThat(recount.measure(metric("clicks"), 0, Long.MAX_VALUE).value())
                .isEqualTo(BigDecimal.ONE);
    }

    @Test
    void saysHowManyAreNotValidByThePlan() {
        record(new Click(START, "u", "view", null, null, null).json());
        recorded();
        var events = database.getCollection("events", BsonDocument.class);
        BsonDocument document = events.find().first();
        document.put("_id", new org.bson.BsonString(stream.topic().name() + ":0:99"));
        document.remove("user");
        events.insertOne(document);
        Counted counted = recorded().measure(metric("clicks"), START, START + 1);
        assertThat(counted).isEqualTo(new Counted(BigDecimal.ONE, Map.of(), 1));
    }

    @Test
    void refusesMeasuresThatItCannotCount() {
        Plan other =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: other}
                        spec:
                          streams: [{name: s, fields: {x: {type: number}}}]
                          metrics: [{name: mean, measure: average, of: x, window: 5m}]
                        """);
        Recount recount = Recount.of(other, database.getCollection("events"));
        MeasurePlan mean = (MeasurePlan) other.metric("mean").orElseThrow();
        assertThatThrownBy(() -> recount.measure(mean, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Metric \"mean\" cannot be recounted: it measures average; count, sum and"
                                + " unique can");
    }
}
