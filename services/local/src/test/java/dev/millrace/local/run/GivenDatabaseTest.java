package dev.millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.local.CommandFailure;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.resource.TableSpec.Tls;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** What a variable such as {@code MILLRACE_SHOP_URL} means. */
class GivenDatabaseTest {
    private static final String VARIABLE = "MILLRACE_MY_SHOP_URL";

    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: test}
                    spec:
                      tables:
                        - name: products
                          key: id
                          fields: {id: {type: integer}}
                          file: products.csv
                          cdc: {engine: mysql, host: db, port: 3307, database: my-shop, table: p, secretRef: s}
                      streams: [{name: orders, fields: {id: {type: string}}}]
                      metrics: [{name: orders, from: orders, measure: count, window: 5m}]
                    """);

    private static GivenDatabase read(String url) {
        return GivenDatabase.of(PLAN, Map.of(VARIABLE, url)).values().iterator().next();
    }

    @Test
    void whoAndWhereIsReadFromTheAddress() {
        GivenDatabase given = read("mysql://a%40b:p%3Aw+d%2F@10.0.0.7/my-shop?tls=verify");

        assertThat(given.username()).isEqualTo("a@b");
        assertThat(given.password()).isEqualTo("p:w+d/");
        assertThat(given.database().host()).isEqualTo("10.0.0.7");
        assertThat(given.database().port()).isEqualTo(3306);
        assertThat(given.database().tls()).isEqualTo(Tls.verify);
        assertThat(given.toString()).doesNotContain("p:w");
    }

    @Test
    void theConnectionIsPlainOnThisMachineAndAsTheManifestSaysElsewhere() {
        assertThat(read("mysql://u:p@127.0.0.1:1").database().tls()).isEqualTo(Tls.disable);
        assertThat(read("mysql://u:p@[::1]:1").database().host()).isEqualTo("::1");
        assertThat(read("mysql://u:p@10.0.0.7:1").database().tls()).isEqualTo(Tls.require);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mysql://u:p w@h | is no address",
                "postgresql://u:p@h | is of postgresql, and the manifest says mysql",
                "mysql://u:p@ | names no host",
                "mysql:///my-shop | names no host",
                "mysql://h | names no user with a password",
                "mysql://u@h | names no user with a password",
                "mysql://u:p@h/other | names the database other, and the manifest says my-shop",
                "mysql://u:p@h?ssl=1 | ends with ?ssl=1",
            })
    void whatIsWrongIsToldWithoutThePassword(String url, String what) {
        CommandFailure failure = catchThrowableOfType(CommandFailure.class, () -> read(url));

        assertThat(failure)
                .hasMessageStartingWith(VARIABLE + " " + what)
                .hasMessageContaining("write mysql://USER:PASSWORD@HOST:3307")
                .hasMessageNotContaining("p w");
    }

    @Test
    void withoutADatabaseTheRowsOfTheFileStandInInATopicOfTheirOwn() {
        TablePlan captured = PLAN.tables().getFirst();
        TablePlan local = LocalPlan.of(PLAN, Map.of()).tables().getFirst();

        assertThat(captured.topic().name()).isEqualTo("test.my-shop.p");
        assertThat(local.topic().name()).isEqualTo("test-products");
        assertThat(local.source()).isInstanceOf(TablePlan.File.class);
        TablePlan given =
                LocalPlan.of(PLAN, GivenDatabase.of(PLAN, Map.of(VARIABLE, "mysql://u:p@h")))
                        .tables()
                        .getFirst();
        assertThat(given.topic().name()).isEqualTo("test.my-shop.p");
        assertThat(given.source()).isInstanceOf(TablePlan.Capture.class);
    }
}
