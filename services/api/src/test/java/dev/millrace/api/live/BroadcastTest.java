package dev.millrace.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.api.ApiMeters;
import dev.millrace.api.ApiServer;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.Snapshots;
import dev.millrace.testing.Patience;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class BroadcastTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ApiMeters meters = new ApiMeters(registry);
    private final Snapshots snapshots = new Snapshots(snapshot(0));
    private final Broadcast broadcast = new Broadcast(snapshots, Duration.ofMillis(10), meters);

    @BeforeEach
    void start() {
        broadcast.start();
    }

    @AfterEach
    void stop() {
        broadcast.stop();
    }

    private static Snapshot snapshot(long valid) {
        return new Snapshot(
                valid,
                Instant.EPOCH.plusMillis(valid),
                Instant.EPOCH.plusMillis(valid),
                Condition.LIVE,
                new Totals(valid, 0, 0),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private void push(int from, int to) {
        for (int i = from; i <= to; i++) {
            int expected = i;
            snapshots.publish(snapshot(i));
            ApiServer.await(() -> pushes() == expected);
        }
    }

    private double pushes() {
        return registry.counter("millrace.api.pushes").count();
    }

    private static String text(byte[] message) {
        return new String(message, UTF_8);
    }

    @Test
    void aSlowClientGoesOnFromASnapshot() throws Exception {
        LiveFeed quick = new LiveFeed(broadcast, meters, null);
        LiveFeed slow = new LiveFeed(broadcast, meters, null);
        assertThat(text(quick.next(Patience.LONGEST))).contains("event: snapshot");
        String first = text(slow.next(Patience.LONGEST));
        String boot = first.substring("id: ".length(), first.indexOf('-'));

        push(1, 1);
        assertThat(text(quick.next(Patience.LONGEST))).contains("event: update", "\"valid\":1,");
        push(2, Broadcast.KEPT);
        assertThat(text(slow.next(Patience.LONGEST)))
                .as("as far behind as can be")
                .contains("event: update", "\"valid\":1,");

        push(Broadcast.KEPT + 1, Broadcast.KEPT + 2);
        assertThat(text(slow.next(Patience.LONGEST)))
                .contains("event: snapshot", "\"valid\":122,", "id: " + boot + "-122\n");
        assertThat(registry.counter("millrace.api.clients.behind").count()).isEqualTo(1);
        assertThat(slow.next(Duration.ofMillis(20))).as("nothing new").isNull();
        push(Broadcast.KEPT + 3, Broadcast.KEPT + 3);
        assertThat(text(slow.next(Patience.LONGEST))).contains("event: update");

        assertThat(broadcast.resume(boot + "-123")).isEqualTo(123);
        assertThat(broadcast.resume(boot + "-3")).isEqualTo(3);
        assertThat(broadcast.resume(boot + "-2")).as("no longer kept").isNegative();
        assertThat(broadcast.resume(boot + "-124")).as("not yet sent").isNegative();
        assertThat(broadcast.resume("other-5")).isNegative();
    }

    @Test
    void timeAloneIsNoUpdate() throws Exception {
        LiveFeed client = new LiveFeed(broadcast, meters, null);
        client.next(Patience.LONGEST);
        Snapshot same = snapshot(0);
        snapshots.publish(
                new Snapshot(
                        7,
                        same.at().plusSeconds(1),
                        same.now().plusSeconds(1),
                        same.condition(),
                        same.totals(),
                        same.views(),
                        same.positions(),
                        same.losses(),
                        same.deadLetters()));
        assertThat(client.next(Duration.ofMillis(100))).isNull();
        assertThat(pushes()).isZero();
    }
}
