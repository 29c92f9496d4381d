package dev.millrace.enricher.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.enricher.Kafka;
import dev.millrace.enricher.TestPlans;
import dev.millrace.enricher.table.TableLoader.Loaded;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Files go into the topics of their tables, and only what changed is written. */
class TableLoaderTest {
    private static final AtomicInteger RUN = new AtomicInteger();

    private final TableLoader loader = new TableLoader(Kafka::consumer, Kafka::producer, 200_000);
    private Plan plan;
    private TablePlan table;
    @TempDir private Path folder;

    @BeforeEach
    void makeTopics() throws Exception {
        use("people.csv");
    }

    private void use(String file) throws Exception {
        plan =
                TestPlans.plan(
                        "loader" + RUN.incrementAndGet(),
                        """
                          tables:
                            - name: people
                              key: id
                              file: %s
                              fields:
                                id: {type: integer}
                                name: {type: string}
                                born: {type: timestamp, optional: true}
                                member: {type: boolean, optional: true}
                                height: {type: number, optional: true}
                                home.city: {type: string, optional: true}
                                kind: {type: string, enum: [new, old], optional: true}
                          streams: [{name: %s, fields: {id: {type: integer}}}]
                        """
                                .formatted(file, "events" + RUN.get()));
        table = plan.tables().getFirst();
        try (Admin admin = Kafka.admin()) {
            Topics.ensureTables(admin, plan);
        }
    }

    @Test
    void readsCsvWithItsQuotesTypesAndEmptyCells() throws Exception {
        write(
                "people.csv",
                """
                \ufeffkind,id,name,unknown,born,member,height,home.city\r
                new,1,"Rossi, ""Anna\""",x,1990-05-01T00:00:00Z,TRUE,1.70,Rome\r
                ,2,"two
                lines",,,,,

                old,3,  spaces ,,2000-01-01,false,2e0,Pisa
                """);

        assertThat(load()).isEqualTo(new Loaded(3, 3, 0));
        assertThat(rows())
                .containsExactly(
                        Map.entry(
                                "1",
                                "{\"id\":1,\"name\":\"Rossi, \\\"Anna\\\"\",\"born\":\"1990-05-01T00:00:00Z\",\"member\":true,\"height\":1.7,\"home\":{\"city\":\"Rome\"},\"kind\":\"new\"}"),
                        Map.entry("2", "{\"id\":2,\"name\":\"two\\nlines\"}"),
                        Map.entry(
                                "3",
                                "{\"id\":3,\"name\":\"  spaces \",\"born\":\"2000-01-01T00:00:00Z\",\"member\":false,\"height\":2.0,\"home\":{\"city\":\"Pisa\"},\"kind\":\"old\"}"));
    }

    @Test
    void readsLinesOfJson() throws Exception {
        use("people.ndjson");
        write(
                "people.ndjson",
                """
                {"id":1,"name":"Anna","home":{"city":"Rome"},"other":true}

                {"id":2,"name":"Bert"}
                """);

        assertThat(load()).isEqualTo(new Loaded(2, 2, 0));
        assertThat(rows())
                .containsEntry("1", "{\"id\":1,\"name\":\"Anna\",\"home\":{\"city\":\"Rome\"}}");
    }

    @Test
    void writesOnlyWhatChangedAndDeletesWhatIsGone() throws Exception {
        write("people.csv", "id,name\n1,Anna\n2,Bert\n3,Carl\n");
        assertThat(load()).isEqualTo(new Loaded(3, 3, 0));
        assertThat(load()).isEqualTo(new Loaded(3, 0, 0));

        write("people.csv", "name,id\nCarl,3\nBerta,2\nDora,4\n");
        assertThat(load()).isEqualTo(new Loaded(3, 2, 1));
        assertThat(load()).isEqualTo(new Loaded(3, 0, 0));
        assertThat(rows()).containsOnlyKeys("2", "3", "4");
        assertThat(rows().get("2")).contains("Berta");
    }

    @Test
    void theLastOfEqualKeysCountsAndLoadingAgainWritesNothing() throws Exception {
        write("people.csv", "id,name\n1,Anna\n1,Berta\n");
        assertThat(load()).isEqualTo(new Loaded(1, 1, 0));
        assertThat(load()).isEqualTo(new Loaded(1, 0, 0));
        assertThat(rows().get("1")).contains("Berta");
    }

    @Test
    void rowsThatCannotBeReadAreLeftOut() throws Exception {
        write(
                "people.csv",
                "id,name,height,kind\nx,Anna,,\n1,,,\n2,Bert,tall,\n3,Carl,,other\n4,Dora,1.6,old\n5\n");
        assertThat(load()).isEqualTo(new Loaded(1, 1, 0));
        assertThat(rows()).containsOnlyKeys("4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'nr,name\n1,Anna\n'| its header has no column \"id\", only nr, name; name the columns in the first line",
                "'id,name\nx,Anna\n'| none of its 1 rows can be read",
                "'id,id\n1,2\n'| its header cannot be used",
                "''| its header has no column \"id\""
            })
    void aFileThatIsNotTheTableDeletesNothing(String content, String why) throws Exception {
        write("people.csv", "id,name\n1,Anna\n");
        load();
        write("people.csv", content);

        assertThatThrownBy(this::load)
                .isInstanceOf(TableFileException.class)
                .hasMessageContaining("The table people cannot be loaded from")
                .hasMessageContaining(why);
        assertThat(rows()).containsOnlyKeys("1");
    }

    @Test
    void whatIsMissingOrNoTextIsTold() throws Exception {
        assertThatThrownBy(this::load)
                .isInstanceOf(TableFileException.class)
                .hasMessageContaining("there is no such file; put it beside the manifest");
        Files.write(folder.resolve("people.csv"), new byte[] {'i', 'd', (byte) 0xff});
        assertThatThrownBy(this::load)
                .isInstanceOf(TableFileException.class)
                .hasMessageContaining("it is no UTF-8 text");
    }

    @Test
    void tooManyRowsAreRefused() throws Exception {
        write("people.csv", "id,name\n1,Anna\n2,Bert\n3,Carl\n");
        TableLoader small = new TableLoader(Kafka::consumer, Kafka::producer, 2);

        assertThatThrownBy(() -> small.load(table, (TablePlan.File) table.source(), folder))
                .isInstanceOf(TooManyRowsException.class);
    }

    @Test
    void theTopicIsCompacted() throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, table.topic().name());
        try (Admin admin = Kafka.admin()) {
            assertThat(
                            admin.describeConfigs(List.of(topic))
                                    .all()
                                    .get()
                                    .get(topic)
                                    .get("cleanup.policy")
                                    .value())
                    .isEqualTo("compact");
        }
    }

    @Test
    void aHundredThousandRowsAreLoadedInSeconds() throws Exception {
        StringBuilder csv = new StringBuilder("id,name,height,home.city,kind\n");
        for (int i = 0; i < 100_000; i++) {
            csv.append(i)
                    .append(",Person ")
                    .append(i)
                    .append(",1.7,City ")
                    .append(i % 50)
                    .append(",old\n");
        }
        write("people.csv", csv.toString());

        long from = System.nanoTime();
        Loaded first = load();
        Duration took = Duration.ofNanos(System.nanoTime() - from);
        Loaded second = load();

        System.out.printf("100,000 rows loaded in %.1f s%n", took.toMillis() / 1e3);
        assertThat(first).isEqualTo(new Loaded(100_000, 100_000, 0));
        assertThat(second).isEqualTo(new Loaded(100_000, 0, 0));
        assertThat(took).isLessThan(Duration.ofMinutes(2));
    }

    private Loaded load() {
        return loader.load(table, (TablePlan.File) table.source(), folder);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : Kafka.read(table.topic().name())) {
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (record.value() == null) {
                rows.remove(key);
            } else {
                rows.put(key, new String(record.value(), StandardCharsets.UTF_8));
            }
        }
        return rows;
    }
}
