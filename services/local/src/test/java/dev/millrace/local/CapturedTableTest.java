package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.FreePorts;
import dev.millrace.local.database.Database;
import dev.millrace.pipeline.resource.TableSpec.Engine;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The pizza shop with its products in a database, followed by Debezium in Kafka Connect. */
class CapturedTableTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Path MANIFEST = Path.of("../../k8s/pizzashop.yaml");
    private static final Path CONNECT = Path.of("../connect/target/connect").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PASSWORD = "p@ss:w/rd%";
    private static final String VARIABLE = "MILLRACE_PIZZASHOP_URL";

    @TempDir Path folder;
    private Database database;
    private Engine engine;
    private int orders;

    /** A shop that PostgreSQL keeps in the schema "public", and the others in the database. */
    private void aShop(Engine which) throws Exception {
        assertThat(CONNECT.resolve("connect.jar"))
                .as("built before: mvn -pl services/connect package")
                .exists();
        engine = which;
        database = Database.start(engine, folder.resolve("database"));
        database.sql("create database pizzashop");
        sql(
                """
                create table products (id int primary key, name varchar(80) not null, category varchar(40),
                  price decimal(10,2), secret varchar(40) default 'of nobody''s business')
                """,
                """
                insert into products (id, name, category, price)
                  values (1, 'Margherita', 'pizza', 8.50), (2, 'Diavola', 'pizza', 10.90), (3, 'Lemonade', 'drink', 3.50)
                """);
        // as the guide says
        if (engine == Engine.postgresql) {
            sql(
                    "create role shop login replication password '%s'".formatted(PASSWORD),
                    "grant usage on schema public to shop",
                    "grant select on public.products to shop",
                    "create publication millrace_local_pizzashop_mysql for table public.products");
        } else {
            sql(
                    "create user shop identified by '%s'".formatted(PASSWORD),
                    "grant select, lock tables on pizzashop.* to shop",
                    "grant reload, show databases, replication slave, replication client on *.* to shop");
        }
    }

    private void sql(String... statements) throws SQLException {
        database.sqlIn("pizzashop", statements);
    }

    @AfterEach
    void close() throws Exception {
        if (database != null) {
            database.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void changesReachTheNextOrdersOverKillsOfThePipelineAndRestartsOfTheDatabase(Engine which)
            throws Exception {
        aShop(which);
        Path data = folder.resolve("data");
        try (PipelineProcess pipeline = start(data, PASSWORD)) {
            pipeline.awaitOutput("Capturing pizzashop at 127.0.0.1:" + database.port());
            try (KafkaConsumer<String, String> items = items(pipeline)) {
                assertThat(item(pipeline, items, 1).path("item_price").asDouble()).isEqualTo(8.5);
                assertThat(item(pipeline, items, 2).path("category").asString()).isEqualTo("pizza");

                long before = System.nanoTime();
                sql("update products set price = 9.25 where id = 1");
                await(pipeline, items, 1, item -> item.path("item_price").asDouble() == 9.25);
                System.out.printf(
                        "%s: a changed price was in an enriched order %.2f s after its UPDATE began%n",
                        engine, (System.nanoTime() - before) / 1e9);

                sql("update products set category = 'hot' where id = 2");
                await(pipeline, items, 2, item -> item.path("category").asString().equals("hot"));
                sql("insert into products values (4, 'Panino', 'snack', 4, 'x')");
                await(pipeline, items, 4, item -> item.path("item_price").asDouble() == 4);

                sql("delete from products where id = 3");
                awaitUnmatched(pipeline, items, 3);

                database.restart();
                sql("update products set price = 9.75 where id = 1");
                await(pipeline, items, 1, item -> item.path("item_price").asDouble() == 9.75);

                connect(data).destroyForcibly();
                sql("update products set price = 10.25 where id = 1");
                await(pipeline, items, 1, item -> item.path("item_price").asDouble() == 10.25);
            }
            assertThat(rows(pipeline)).isNotEmpty().noneMatch(row -> row.contains("business"));
            pipeline.kill();
        }
        sql("update products set price = 11 where id = 1", "delete from products where id = 4");
        try (PipelineProcess pipeline = start(data, PASSWORD)) {
            pipeline.awaitOutput("Capturing pizzashop");
            try (KafkaConsumer<String, String> items = items(pipeline)) {
                await(pipeline, items, 1, item -> item.path("item_price").asDouble() == 11);
                awaitUnmatched(pipeline, items, 4);
                assertThat(item(pipeline, items, 2).path("category").asString()).isEqualTo("hot");
            }
            eachOrderIsEnrichedOnce(pipeline);
            assertThat(pipeline.stop(Duration.ofSeconds(60)))
                    .isEqualTo(PipelineProcess.SIGTERM_EXIT);
        }
        assertThat(allFilesOf(data)).noneMatch(text -> text.contains(PASSWORD));
    }

    @Test
    void ordersWaitForADatabaseThatCannotBeReadYet() throws Exception {
        aShop(Engine.postgresql);
        try (PipelineProcess pipeline = start(folder.resolve("data"), "wrong")) {
            pipeline.awaitOutput("Not capturing pizzashop");
            pipeline.awaitOutput("password authentication failed for user \"shop\"");
            assertThat(pipeline.out()).contains("It waits for the rows of the table products");
            try (KafkaConsumer<String, String> items = items(pipeline)) {
                order(pipeline, 1);
                sql("alter user shop password 'wrong'");
                JsonNode item = next(items, 1, each -> true);
                assertThat(item.path("product_name").asString()).isEqualTo("Margherita");
            }
            assertThat(pipeline.stop(Duration.ofSeconds(60)))
                    .isEqualTo(PipelineProcess.SIGTERM_EXIT);
        }
    }

    private PipelineProcess start(Path data, String password)
            throws IOException, InterruptedException {
        String url =
                "%s://shop:%s@127.0.0.1:%d/pizzashop"
                        .formatted(
                                engine,
                                password.replace("%", "%25")
                                        .replace("@", "%40")
                                        .replace(":", "%3A")
                                        .replace("/", "%2F"),
                                database.port());
        Path manifest = folder.resolve("pizzashop.yaml");
        Files.writeString(
                manifest,
                Files.readString(MANIFEST).replace("engine: mariadb", "engine: " + engine));
        PipelineProcess pipeline =
                PipelineProcess.begin(
                        folder.resolve("home"),
                        data,
                        manifest,
                        FreePorts.one(),
                        Map.of(VARIABLE, url, "MILLRACE_CONNECT", CONNECT.toString()),
                        "--no-generator");
        pipeline.awaitOutput("\nDashboard: ");
        return pipeline;
    }

    private static ProcessHandle connect(Path data) throws IOException {
        String pid = Files.readString(data.resolve("connect/connect.pid"));
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static void eachOrderIsEnrichedOnce(PipelineProcess pipeline) throws IOException {
        List<String> ids =
                all(pipeline, "enriched-order-items").stream()
                        .map(item -> JSON.readTree(item).path("id").asString())
                        .toList();
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
    }

    /** A reader of enriched items, from now on. */
    private static KafkaConsumer<String, String> items(PipelineProcess pipeline)
            throws IOException {
        KafkaConsumer<String, String> consumer = consumer(pipeline);
        List<TopicPartition> partitions = partitions(consumer, "enriched-order-items");
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    private static KafkaConsumer<String, String> consumer(PipelineProcess pipeline)
            throws IOException {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        pipeline.address("kafka"),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<TopicPartition> partitions(
            KafkaConsumer<String, String> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    /** All that is in the table's topic. */
    private List<String> rows(PipelineProcess pipeline) throws IOException {
        String owner = engine == Engine.postgresql ? "public" : "pizzashop";
        return all(pipeline, "mysql." + owner + ".products");
    }

    private static List<String> all(PipelineProcess pipeline, String topic) throws IOException {
        try (KafkaConsumer<String, String> consumer = consumer(pipeline)) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> values = new ArrayList<>();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> values.add(String.valueOf(record.value())));
            }
            return values;
        }
    }

    /** Orders a product, and returns the enriched item. */
    private JsonNode item(
            PipelineProcess pipeline, KafkaConsumer<String, String> items, int product)
            throws IOException, InterruptedException {
        order(pipeline, product);
        return next(items, product, _ -> true);
    }

    /** Orders a product again and again until the enriched item is as expected. */
    private void await(
            PipelineProcess pipeline,
            KafkaConsumer<String, String> items,
            int product,
            Predicate<JsonNode> expected)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            order(pipeline, product);
            for (ConsumerRecord<String, String> record : items.poll(Duration.ofMillis(100))) {
                JsonNode item = JSON.readTree(record.value());
                if (item.path("product_id").asInt() == product && expected.test(item)) {
                    return;
                }
            }
            assertThat(System.nanoTime()).as("the change arrives").isLessThan(deadline);
        }
    }

    /** Orders a product until it is not enriched any more. */
    private void awaitUnmatched(
            PipelineProcess pipeline, KafkaConsumer<String, String> items, int product)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        double before = unmatched(pipeline);
        while (unmatched(pipeline) == before) {
            order(pipeline, product);
            Thread.sleep(100);
            assertThat(System.nanoTime()).as("the row is gone").isLessThan(deadline);
        }
        items.seekToEnd(items.assignment());
        items.assignment().forEach(items::position);
        order(pipeline, product);
        assertThat(item(pipeline, items, 1).path("product_id").asInt()).isEqualTo(1);
    }

    private static JsonNode next(
            KafkaConsumer<String, String> items, int product, Predicate<JsonNode> expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, String> record : items.poll(Duration.ofMillis(100))) {
                JsonNode item = JSON.readTree(record.value());
                if (item.path("product_id").asInt() == product && expected.test(item)) {
                    return item;
                }
            }
        }
        throw new AssertionError("no item of product " + product);
    }

    private void order(PipelineProcess pipeline, int product)
            throws IOException, InterruptedException {
        String order =
                "{\"id\":\"o-%d\",\"created_at\":\"%s\",\"user_id\":\"u\",\"status\":\"placed\",\"price\":10,\"items\":[{\"product_id\":%d,\"quantity\":1}]}\n"
                        .formatted(++orders, Instant.now(), product);
        HttpResponse<String> answer =
                CLIENT.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                pipeline.address("api")
                                                        + "/api/v1/streams/orders/events"))
                                .header("Content-Type", "application/x-ndjson")
                                .POST(HttpRequest.BodyPublishers.ofString(order))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    }

    private static double unmatched(PipelineProcess pipeline)
            throws IOException, InterruptedException {
        return new String(pipeline.request("/actuator/prometheus").body())
                .lines()
                .filter(line -> line.startsWith("millrace_enricher_rejected_total"))
                .filter(line -> line.contains("unmatched"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static List<String> allFilesOf(Path data) throws IOException {
        try (var files = Files.walk(data.resolve("connect"))) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(new String(Files.readAllBytes(file)));
            }
            assertThat(texts).isNotEmpty();
            return texts;
        }
    }
}
