package dev.millrace.api.state;

import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.time.Duration;
import java.time.Instant;

/** An empty state of a plan in Redis, with a writer and a reader of it, for each test. */
final class ReadState implements BeforeEachCallback, AfterEachCallback {
    /** A time in the middle of a minute. */
    static final Instant NOW = Instant.parse("2026-11-21T10:42:31Z");

    private final Plan plan;
    private final LettuceConnectionFactory factory =
            new LettuceConnectionFactory(
                    new RedisStandaloneConfiguration(
                            TestServers.redis().host(), TestServers.redis().port()));
    private final StateWriter writer;
    private final StateReader reader;
    private StateConnection connection;

    ReadState(Plan plan) {
        this.plan = plan;
        this.writer = new StateWriter(plan, TestServers.redis().url());
        this.reader = new StateReader(plan);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        factory.afterPropertiesSet();
        factory.start();
        connection = StateConnection.open(factory, Duration.ofSeconds(20));
        writer.begin("era-1");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        connection.close();
        factory.destroy();
        writer.close();
    }

    static Instant minutesAgo(int minutes) {
        return NOW.minus(Duration.ofMinutes(minutes));
    }

    /** A pipeline with counts, sums, different values and formulas. */
    static Plan shop() {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: shop}
                spec:
                  streams:
                    - name: events
                      fields:
                        at: {type: timestamp}
                        user: {type: string}
                        page: {type: string, optional: true}
                        price: {type: number}
                        session: {type: string}
                      time: at
                  metrics:
                    - {name: hits, measure: count, windows: [3m, 2h, 1d, all]}
                    - {name: views, measure: count, by: page, windows: [3m, all]}
                    - {name: pairs, measure: count, by: 'page, user', window: 3m}
                    - {name: revenue, measure: sum, of: price, windows: [3m, all]}
                    - {name: revenue_by_page, measure: sum, of: price, by: page, window: 3m}
                    - {name: users, measure: unique, of: user, window: 3m}
                    - {name: sessions, measure: unique, of: session, by: user, window: 3m}
                    - {name: per_user, formula: 'hits / users'}
                    - {name: per_hit, formula: 'revenue / hits'}
                """);
    }

    StateWriter writer() {
        return writer;
    }

    StateReader reader() {
        return reader;
    }

    /** For another connection to the same Redis. */
    LettuceConnectionFactory factory() {
        return factory;
    }

    /** What the reader reads at a time. */
    Snapshot read(Instant time) throws InterruptedException {
        return read(reader, time);
    }

    /** What another reader reads. */
    Snapshot read(StateReader other, Instant time) throws InterruptedException {
        return other.read(connection, time);
    }

    /** A metric over one of its windows. */
    WindowView view(Snapshot snapshot, String metric, String window) {
        return snapshot.view(metric, plan.metric(metric).orElseThrow().window(window).orElseThrow())
                .orElseThrow();
    }

    /** A metric over one of its windows, as it is read now. */
    WindowView view(String metric, String window) throws InterruptedException {
        return view(read(NOW), metric, window);
    }
}
