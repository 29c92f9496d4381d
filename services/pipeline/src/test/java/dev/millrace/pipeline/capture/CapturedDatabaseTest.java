package dev.millrace.pipeline.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.TablePlan;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What Debezium is told of the tables of a manifest. */
class CapturedDatabaseTest {
    private static final String SHOP =
            "engine: mariadb, host: db, database: shop, secretRef: s, prefix: mysql";

    private static Plan plan(String tables) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: pizza}
                spec:
                  tables:
                %s
                  streams:
                    - {name: orders, fields: {id: {type: string}}}
                  metrics:
                    - {name: orders, from: orders, measure: count, window: 5m}
                """
                        .formatted(tables.indent(4)));
    }

    private static List<CapturedDatabase> databases(String tables) {
        return CapturedDatabase.of("here", plan(tables));
    }

    private static final String PRODUCTS =
            "- {name: products, key: id, fields: {id: {type: integer}, price: {type: number}, sold: {type: boolean}},"
                    + " cdc: {table: products, "
                    + SHOP
                    + "}}\n";
    private static final String PEOPLE =
            "- {name: people, key: email, fields: {email: {type: string}}, cdc: {table: users, "
                    + SHOP
                    + "}}\n";

    @Test
    void oneConnectorFollowsAllTablesOfADatabaseAndOnlyTheirDeclaredColumns() {
        List<CapturedDatabase> databases = databases(PRODUCTS + PEOPLE);

        assertThat(databases).hasSize(1);
        Map<String, String> settings = databases.getFirst().settings("u", "p");
        assertThat(settings)
                .containsEntry("connector.class", "io.debezium.connector.mariadb.MariaDbConnector")
                .containsEntry("topic.prefix", "mysql")
                .containsEntry("database.hostname", "db")
                .containsEntry("database.port", "3306")
                .containsEntry("database.user", "u")
                .containsEntry("database.password", "p")
                .containsEntry("database.ssl.mode", "trust")
                .containsEntry("table.include.list", "shop\\.products,shop\\.users")
                .containsEntry(
                        "column.include.list",
                        "shop\\.products\\.id,shop\\.products\\.price,shop\\.products\\.sold,shop\\.users\\.email")
                .containsEntry("message.key.columns", "shop\\.products:id;shop\\.users:email")
                .containsEntry("booleans.selector", "shop\\.products\\.sold");
        assertThat(databases.getFirst().hasHistory()).isTrue();
    }

    @Test
    void topicsAreNamedAsDebeziumNamesThem() {
        Plan plan =
                plan(
                        PRODUCTS
                                + "- {name: people, key: id, fields: {id: {type: integer}}, cdc: {engine: postgresql,"
                                + " host: pg, database: crm, table: people, secretRef: s}}\n");

        assertThat(plan.tables())
                .extracting(table -> table.topic().name())
                .containsExactly("mysql.shop.products", "pizza.public.people");
        assertThat(plan.tables()).allMatch(table -> !table.topic().existing());
    }

    @Test
    void postgresqlHasASlotOfItsOwn() {
        CapturedDatabase database =
                databases(
                                "- {name: people, key: id, fields: {id: {type: integer}}, cdc: {engine: postgresql,"
                                        + " host: pg, database: crm, schema: sales, table: people, secretRef: s, tls: verify}}\n")
                        .getFirst();

        assertThat(database.settings("u", "p"))
                .containsEntry("database.dbname", "crm")
                .containsEntry("database.port", "5432")
                .containsEntry("database.sslmode", "verify-full")
                .containsEntry("table.include.list", "sales\\.people")
                .containsEntry("slot.name", "millrace_here_pizza_pizza")
                .containsEntry("publication.name", "millrace_here_pizza_pizza");
        assertThat(database.hasHistory()).isFalse();
    }

    @Test
    void mysqlWithoutTlsHandsOutTheKeyForPasswords() {
        String plain =
                PRODUCTS.replace("engine: mariadb", "engine: mysql")
                        .replace("secretRef: s", "secretRef: s, tls: disable");

        assertThat(databases(plain).getFirst().settings("u", "p"))
                .containsEntry("database.ssl.mode", "disabled")
                .containsEntry("driver.allowPublicKeyRetrieval", "true");
        assertThat(
                        databases(plain.replace("tls: disable", "tls: verify"))
                                .getFirst()
                                .settings("u", "p"))
                .doesNotContainKey("driver.allowPublicKeyRetrieval");
    }

    @Test
    void whatIsCapturedOtherwiseIsAnotherConnectorWhichReadsAllRowsAgain() {
        String name = databases(PRODUCTS).getFirst().connector();

        assertThat(name).matches("pizza-cdc-mysql-[0-9a-f]{8}");
        assertThat(databases(PRODUCTS + PEOPLE).getFirst().connector()).isNotEqualTo(name);
        assertThat(
                        databases(PRODUCTS.replace("price: {type: number}, ", ""))
                                .getFirst()
                                .connector())
                .isNotEqualTo(name);
        assertThat(databases(PRODUCTS.replace("host: db", "host: db2")).getFirst().connector())
                .isNotEqualTo(name);
        assertThat(
                        databases(PRODUCTS.replace("secretRef: s", "secretRef: t, tls: verify"))
                                .getFirst()
                                .connector())
                .as("a new password is no reason to read all again")
                .isEqualTo(name);
        assertThat(CapturedDatabase.of("there", plan(PRODUCTS)).getFirst().connector())
                .isNotEqualTo(name);
    }

    @Test
    void aFileBesideStandsInForLocalRunsOnly() {
        TablePlan table =
                plan(PRODUCTS.replace("cdc:", "file: rows.csv, cdc:")).tables().getFirst();

        assertThat(table.source())
                .isInstanceOfSatisfying(
                        TablePlan.Capture.class,
                        capture ->
                                assertThat(capture.standIn())
                                        .isEqualTo(
                                                new TablePlan.File(
                                                        "rows.csv", TablePlan.Format.CSV)));
    }
}
