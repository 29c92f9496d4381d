package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.when;

import dev.millrace.api.history.BucketSource;
import dev.millrace.api.history.History;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Window;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Where history has a part of what is counted again, that is added to. */
class RecountedHistoryTest {
    @RegisterExtension final RecordedShop shop = new RecordedShop();

    @Test
    void whatHistoryBeganGoesOnOverMinutes() throws Exception {
        shop.begin("wall");
        shop.send(80);
        // into another hour, of which there are few
        shop.goOnTo(shop.time().plus(Duration.ofMinutes(20)));
        Map<String, BucketSource.Position> positions = new HashMap<>();
        shop.ends()
                .forEach(
                        (partition, offset) ->
                                positions.put(
                                        partition,
                                        new BucketSource.Position(offset, shop.newest())));
        when(shop.history().obstacle()).thenReturn(Optional.empty());
        when(shop.history().state())
                .thenReturn(
                        Optional.of(
                                new History.State(
                                        shop.now(), shop.now(), positions, 50, 10, 0, positions)));
        when(shop.history().begin(any()))
                .thenAnswer(
                        asked ->
                                asked.<MeasurePlan>getArgument(0).name().equals("users")
                                        ? OptionalLong.empty()
                                        : OptionalLong.of(0));
        Recounting recounting = shop.recounting(shop.known(State.waiting), Map.of(), 50);
        Window minutes = shop.window("hits", "3m");
        Instant until = shop.time().plusSeconds(240);
        for (int i = 0; shop.time().isBefore(until); i++) {
            shop.send(5);
            Recounting.Outcome outcome = recounting.pass(shop.known(State.waiting));
            assertThat(outcome.obstacle()).as("pass %d", i).contains("history has a part");
            Snapshot next = outcome.snapshot().orElseThrow();
            assertThat(next.view("per_user", minutes).orElseThrow().series())
                    .as("no users are known of")
                    .isEmpty();
            shop.goOnTo(shop.time().plusSeconds(20));
        }
    }

    @Test
    void whereRecordsHaveExpiredHistoryIsAddedTo() throws Exception {
        shop.begin("wall", "retention: 1m");
        shop.send(30);
        Map<String, BucketSource.Position> positions = new HashMap<>();
        shop.ends()
                .forEach(
                        (partition, offset) ->
                                positions.put(
                                        partition,
                                        new BucketSource.Position(offset, shop.newest())));
        when(shop.history().obstacle()).thenReturn(Optional.empty());
        when(shop.history().begin(any())).thenReturn(OptionalLong.of(0));
        when(shop.history().state())
                .thenReturn(
                        Optional.of(
                                new History.State(
                                        System.currentTimeMillis(),
                                        shop.now(),
                                        positions,
                                        30,
                                        0,
                                        0,
                                        positions)));
        // many more than are recorded: so one sees where they come from
        when(shop.history().read(any()))
                .thenAnswer(
                        asked ->
                                asked
                                        .<Collection<dev.millrace.api.history.Bucket>>getArgument(0)
                                        .stream()
                                        .filter(one -> one.metric().name().equals("hits"))
                                        .collect(
                                                Collectors.toMap(
                                                        one -> one,
                                                        _ -> Rollup.of(new Tally.Total(1_000)))));
        int before = shop.valid().size();
        shop.send(10);
        Snapshot next =
                shop.recounting(shop.known(State.waiting), Map.of(), 1_000)
                        .pass(shop.known(State.waiting))
                        .snapshot()
                        .orElseThrow();
        Window minutes = shop.window("hits", "3m");
        WindowView hits = next.view("hits", minutes).orElseThrow();
        long since =
                shop.valid().stream()
                        .skip(before)
                        .map(one -> one.at().toEpochMilli())
                        .filter(at -> at >= hits.from() && at < hits.to())
                        .count();
        assertThat(since).isPositive();
        assertThat(hits.value()).isEqualTo(3_000 + since);
        assertThat(next.view("hits", Window.ALL).orElseThrow().value())
                .isEqualTo(1_000L + shop.valid().size() - before);
    }
}
