package dev.millrace.pipeline.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Every manifest that is shipped, and the fragments that the language was made for, compile. */
class ExampleManifestsTest {
    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../../k8s"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shippedManifestCompiles(Path file) {
        assertThat(ManifestReader.read(file).streams()).isNotEmpty();
    }

    @Test
    void joinsExplodeLatestAndFormulasAreUnderstood() {
        Plan plan =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: pizzashop}
                        spec:
                          tables:
                            - name: products
                              key: id
                              cdc: {engine: mysql, host: shop, database: pizzashop, table: products, secretRef: shop}
                            - {name: people, key: id, fields: {id: {type: string}, age: {type: integer}}, file: people.csv}
                          streams:
                            - name: orders
                              fields:
                                id: {type: string}
                                customer: {type: string}
                                at: {type: timestamp}
                                price: {type: number}
                                items: {type: array, items: {product_id: {type: string}, quantity: {type: integer}}}
                              time: at
                              key: id
                            - name: order_items
                              from: orders
                              explode: items
                              join: [{table: products, key: product_id, as: {product_name: name}}]
                              topic: {name: enriched-order-items}
                            - name: known_orders
                              from: orders
                              join: [{table: people, key: customer, missing: keep}]
                              compute: {age_band: 'age < 25 ? "18-24" : age < 35 ? "25-34" : "35+"'}
                            - {name: deliveries, key: id, fields: {id: {type: string}, status: {type: string},
                               lat: {type: number}, lon: {type: number}, at: {type: timestamp}}}
                          metrics:
                            - {name: orders, from: orders, measure: count, windows: [1m, all]}
                            - {name: revenue, from: orders, measure: sum, of: price, unit: USD, windows: [1m, all]}
                            - {name: mean_order, formula: 'revenue / orders', unit: USD}
                            - {name: popular_items, from: order_items, measure: sum, of: quantity, by: product_name, window: 1h}
                            - {name: by_age, from: known_orders, measure: count, by: age_band, window: 1h}
                            - {name: couriers, from: deliveries, measure: latest, key: id, value: status,
                               position: [lon, lat], fences: {centre: 'POLYGON((0 0, 1 0, 1 1, 0 0))'}, cells: h3/8}
                          views:
                            - path: /orders/overview
                              body: {currentTimePeriod: {orders: {metric: orders}},
                                     previousTimePeriod: {orders: {metric: orders, previous: true}}}
                            - {path: /stats, stream: 5s, body: {total: {metric: orders, window: all}}}
                        """);

        assertThat(plan.sources())
                .extracting(StreamPlan::name)
                .containsExactly("orders", "deliveries");
        assertThat(plan.stream("order_items").orElseThrow().schema().names())
                .contains("product_id", "quantity", "product_name", "price");
        assertThat(plan.metric("mean_order").orElseThrow()).isInstanceOf(FormulaPlan.class);
        assertThat(((MeasurePlan) plan.metric("revenue").orElseThrow()).scale()).isEqualTo(6);
        assertThat(plan.panels()).hasSize(6);
    }
}
