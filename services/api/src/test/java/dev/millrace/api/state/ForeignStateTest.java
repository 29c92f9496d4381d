package dev.millrace.api.state;

import static dev.millrace.api.state.ReadState.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.Map;

/** What a reader makes of a state that is another one, or not ours, and the rest of ours. */
class ForeignStateTest {
    private static final Plan PLAN = ReadState.shop();

    @RegisterExtension private final ReadState state = new ReadState(PLAN);
    private final StateWriter writer = state.writer();

    @Test
    void anotherEraOrALowerSequenceIsReadAnew() throws Exception {
        writer.add("hits", NOW, 5).flush();
        writer.add("hits", NOW, 5).flush();
        assertThat(state.view(state.read(NOW), "hits", "3m").value()).isEqualTo(10L);

        writer.begin("era-2").add("hits", NOW, 1).flush();
        writer.add("views", NOW, "/", 1).flush();
        writer.add("views", NOW, "/", 1).flush();
        assertThat(state.view(state.read(NOW), "hits", "3m").value()).isEqualTo(1L);

        writer.begin("era-2").add("hits", NOW, 2).flush();
        assertThat(state.view(state.read(NOW), "hits", "3m").value()).isEqualTo(2L);

        writer.redis().flushall();
        Snapshot wiped = state.read(NOW);
        assertThat(wiped.condition().state()).isEqualTo(State.waiting);
        assertThat(state.view(wiped, "hits", "3m").value()).isEqualTo(0L);
        assertThat(wiped.totals().events()).isZero();
    }

    @Test
    void numbersOfAnotherPlanAreNotShown() throws Exception {
        writer.add("hits", NOW, 5).total("valid", 5).flush();
        writer.redis().hset(writer.keys().meta(), "fingerprint", "other");

        Snapshot waiting = state.read(NOW);
        assertThat(waiting.condition().state()).isEqualTo(State.waiting);
        assertThat(waiting.condition().reason()).contains("recounted");
        assertThat(state.view(waiting, "hits", "3m").value()).isEqualTo(0L);
        assertThat(state.view(waiting, "hits", "3m").series()).hasSize(3);
        assertThat(waiting.totals().events()).isZero();
        assertThat(state.reader().isBehind()).isTrue();
        assertThat(state.read(NOW).version()).isEqualTo(waiting.version());

        writer.redis().hset(writer.keys().meta(), "fingerprint", PLAN.fingerprint());
        Snapshot live = state.read(NOW);
        assertThat(live.condition().state()).isEqualTo(State.live);
        assertThat(state.reader().isBehind()).isFalse();
        assertThat(state.view(live, "hits", "3m").value()).isEqualTo(5L);
        assertThat(live.totals().valid()).isEqualTo(5);
    }

    @Test
    void aForeignKeyIsToldOfAndSpoilsNothingElse() throws Exception {
        writer.redis().lpush("hits:202611211042", "mine");
        writer.add("views", NOW, "/", 3).flush();

        Snapshot snapshot = state.read(NOW);

        assertThat(snapshot.condition().state()).isEqualTo(State.degraded);
        assertThat(snapshot.condition().reason()).contains("hits:202611211042");
        assertThat(state.view(snapshot, "views", "3m").value()).isEqualTo(3L);

        writer.redis().del("hits:202611211042");
        writer.add("hits", NOW, 2).flush();
        Snapshot healed = state.read(NOW);
        assertThat(healed.condition().state()).isEqualTo(State.live);
        assertThat(state.view(healed, "hits", "3m").value()).isEqualTo(2L);
    }

    @Test
    void totalsPositionsAndDeadLettersAreRead() throws Exception {
        writer.total("valid", 10)
                .total("rejected:late", 2)
                .total("rejected:missing", 1)
                .position("events", 1, 7, NOW)
                .position("events", 0, 6, NOW)
                .deadLetter("not JSON")
                .deadLetter(
                        """
                        {"stream":"events","topic":"events","partition":1,"offset":5,"at":"2026-11-21T10:42:00Z",
                        "reason":"Missing fields: ['user']","cause":"missing","event":"{\\"a\\":\\"\\u2028\\"}"}
                        """)
                .flush();
        writer.redis().hset(writer.keys().losses(), "events:1", "4");

        Snapshot snapshot = state.read(NOW);

        assertThat(snapshot.totals())
                .isEqualTo(new Snapshot.Totals(10, 3, 2, Map.of("late", 2L, "missing", 1L)));
        assertThat(snapshot.positions())
                .extracting(Snapshot.Position::partition, Snapshot.Position::offset)
                .containsExactly(tuple(0, 6L), tuple(1, 7L));
        assertThat(snapshot.losses()).containsExactly(new Snapshot.Loss("events", 1, 4));
        assertThat(snapshot.deadLetters())
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.reason()).isEqualTo("Missing fields: ['user']");
                            assertThat(letter.cause()).isEqualTo("missing");
                            assertThat(letter.element()).isNull();
                            assertThat(letter.event()).isEqualTo("{\"a\":\"\u2028\"}");
                        });
    }
}
