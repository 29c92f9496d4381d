package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Position;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.Window;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whatever comes while Redis is away, in whatever order and however much at a time: the windows are
 * those that a plain recount comes to.
 */
class RecountingTest {
    @RegisterExtension final RecordedShop shop = new RecordedShop();

    @ParameterizedTest
    @ValueSource(strings = {"wall", "event"})
    void whatComesWhileRedisIsAwayIsAddedToWhatWasRead(String clock) throws Exception {
        shop.begin(clock);
        shop.send(150);
        Snapshot known = shop.known(State.live);
        Recounting recounting = shop.recounting(known, shop.read(), 1_000_000);
        Recounting inSmallParts = shop.recounting(known, shop.read(), 20);
        assertThat(recounting.pass(known).snapshot()).as("nothing has come").isEmpty();

        for (int i = 0; i < 12; i++) {
            shop.send(shop.upTo(60));
            Recounting.Outcome outcome = recounting.pass(known);
            assertThat(outcome.obstacle()).isNull();
            Snapshot next = outcome.snapshot().orElseThrow();
            assertThat(RecordedShop.told(next))
                    .as("seed %d, pass %d", RecordedShop.SEED, i)
                    .isEqualTo(RecordedShop.told(shop.plain()));
            assertThat(RecordedShop.told(inSmallParts.pass(known).snapshot().orElseThrow()))
                    .isEqualTo(RecordedShop.told(next));
            assertThat(next.positions())
                    .extracting(one -> one.topic() + ":" + one.partition(), Position::offset)
                    .containsExactlyInAnyOrderElementsOf(
                            shop.ends().entrySet().stream()
                                    .map(
                                            one ->
                                                    org.assertj.core.groups.Tuple.tuple(
                                                            one.getKey(), one.getValue()))
                                    .toList());
            verify(next);
        }
        assertThat(recounting.pass(known).snapshot()).as("nothing more has come").isEmpty();
    }

    /** Against events in memory, for measures that say all: what is counted, and which values. */
    private void verify(Snapshot snapshot) {
        Window minutes = shop.window("hits", "3m");
        WindowView hits = snapshot.view("hits", minutes).orElseThrow();
        List<RecordedShop.Sent> current =
                shop.valid().stream()
                        .filter(
                                one ->
                                        one.at().toEpochMilli() >= hits.from()
                                                && one.at().toEpochMilli() < hits.to())
                        .toList();
        assertThat(hits.value()).isEqualTo((long) current.size());
        assertThat(hits.to())
                .isEqualTo(
                        Granularity.MINUTE.start(Math.min(shop.now(), shop.newest()))
                                + Granularity.MINUTE.millis());
        assertThat(snapshot.view("hits", Window.ALL).orElseThrow().value())
                .isEqualTo((long) shop.valid().size());
        Map<String, Set<String>> users = new HashMap<>();
        current.forEach(
                one -> users.computeIfAbsent(one.page(), any -> new HashSet<>()).add(one.user()));
        assertThat(
                        snapshot
                                .view("users_of", minutes)
                                .orElseThrow()
                                .ranking()
                                .page(0, 100)
                                .stream()
                                .filter(group -> !group.value().equals(0L))
                                .collect(Collectors.toMap(Group::key, Group::value)))
                .isEqualTo(
                        users.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                one -> (long) one.getValue().size())));
    }

    @Test
    void theRecordsHaveToBeAsFarAsWhatWasRead() throws Exception {
        shop.begin("wall");
        shop.send(10);
        Map<String, MetricState> read = shop.read();
        Snapshot exact = shop.known(State.live);
        Snapshot further =
                new Snapshot(
                        1,
                        exact.at(),
                        exact.now(),
                        exact.condition(),
                        exact.totals(),
                        exact.views(),
                        List.of(
                                new Position(
                                        "events",
                                        0,
                                        shop.ends().getOrDefault("events:0", 0L) + 5,
                                        0)),
                        List.of(),
                        List.of());
        Recounting recounting = shop.recounting(further, read, 1_000_000);
        shop.send(3);
        assertThat(shop.ends().getOrDefault("events:0", 0L))
                .isLessThan(further.positions().getFirst().offset());
        Recounting.Outcome outcome = recounting.pass(further);
        assertThat(outcome.snapshot()).isEmpty();
        assertThat(outcome.obstacle()).isNull();
        shop.goOnTo(Instant.now().plusSeconds(120));
        assertThat(recounting.pass(further).obstacle()).contains("nothing was recorded since");
    }

    @Test
    void totalsOfRedisGoOnWithoutWhatWasRead() {
        shop.begin("wall");
        shop.send(40);
        Snapshot known = shop.known(State.live);
        int before = shop.valid().size();
        shop.send(20);
        Snapshot next =
                shop.recounting(known, Map.of(), 1_000_000).pass(known).snapshot().orElseThrow();
        assertThat(next.totals().valid()).isEqualTo(shop.valid().size() - before);
        assertThat(next.totals().invalid()).isEqualTo(20 - (shop.valid().size() - before));
    }
}
