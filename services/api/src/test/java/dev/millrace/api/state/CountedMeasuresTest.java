package dev.millrace.api.state;

import static dev.millrace.api.state.ReadState.NOW;
import static dev.millrace.api.state.ReadState.minutesAgo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Point;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/** Counts, sums, different values and formulas over windows, and their groups. */
class CountedMeasuresTest {
    private static final Plan PLAN = ReadState.shop();

    @RegisterExtension private final ReadState state = new ReadState(PLAN);
    private final StateWriter writer = state.writer();

    @Test
    void groupsAreRankedByValueThenKey() throws Exception {
        Stream.of("b", "a", "é", "\"quoted\"", "__proto__", "日本", " ")
                .forEach(page -> writer.add("views", NOW, page, 5));
        writer.add("views", minutesAgo(1), "b", 1)
                .add("views", minutesAgo(4), "b", 9)
                .add("views", NOW, "last", 1);
        writer.flush();

        WindowView views = state.view(state.read(NOW), "views", "3m");

        assertThat(views.value()).isEqualTo(37L);
        assertThat(views.ranking().size()).isEqualTo(8);
        assertThat(views.ranking().top())
                .extracting(Group::key)
                .containsExactly("b", " ", "\"quoted\"", "__proto__", "a", "é", "日本", "last");
        assertThat(views.ranking().top().getFirst()).isEqualTo(new Group("b", 6L, 9L));
        assertThat(views.ranking().top().get(1)).isEqualTo(new Group(" ", 5L, 0L));
        assertThat(state.view(state.read(NOW), "views", "all").ranking().top().getFirst())
                .isEqualTo(new Group("b", 15L, null));
    }

    @Test
    void pagesGoOnWhereTheTopEnds() throws Exception {
        for (int i = 0; i < 40; i++) {
            writer.add("views", NOW, "page-%02d".formatted(i), i / 4 + 1);
        }
        writer.flush();

        var ranking = state.view(state.read(NOW), "views", "3m").ranking();

        List<Group> all = ranking.page(0, 1_000);
        assertThat(all).hasSize(40);
        assertThat(all.subList(0, 10)).isEqualTo(ranking.top());
        assertThat(all)
                .isSortedAccordingTo(
                        (a, b) ->
                                a.value().equals(b.value())
                                        ? a.key().compareTo(b.key())
                                        : Long.compare(
                                                b.value().longValue(), a.value().longValue()));
        assertThat(ranking.page(8, 5)).isEqualTo(all.subList(8, 13));
        assertThat(ranking.page(39, 5)).isEqualTo(all.subList(39, 40));
        assertThat(ranking.page(40, 5)).isEmpty();
        assertThat(ranking.page(Long.MAX_VALUE, 1_000)).isEmpty();
    }

    @Test
    void sumsKeepSixDecimalPlacesExactly() throws Exception {
        writer.add("revenue", NOW, 100_000)
                .add("revenue", NOW, 200_000)
                .add("revenue", minutesAgo(1), 10_000_000)
                .add("revenue_by_page", NOW, "/a", 1)
                .add("revenue_by_page", NOW, "/b", -5_500_000)
                .add("revenue_by_page", NOW, "/c", 0)
                .flush();

        Snapshot snapshot = state.read(NOW);

        assertThat(state.view(snapshot, "revenue", "3m").value()).isEqualTo(new BigDecimal("10.3"));
        assertThat(state.view(snapshot, "revenue", "3m").series())
                .extracting(Point::value)
                .containsExactly(new BigDecimal("0"), new BigDecimal("10"), new BigDecimal("0.3"));
        assertThat(state.view(snapshot, "revenue_by_page", "3m").ranking().top())
                .extracting(Group::key, Group::value)
                .containsExactly(
                        tuple("/a", new BigDecimal("0.000001")),
                        tuple("/c", new BigDecimal("0")),
                        tuple("/b", new BigDecimal("-5.5")));
    }

    @Test
    void sumsBeyondSixtyFourBitsStopAtTheLargestNumber() throws Exception {
        long most = Long.MAX_VALUE - 1;
        writer.add("revenue", NOW, most);
        writer.redis().set("revenue:all", "0");
        writer.add("revenue", minutesAgo(1), most)
                .add("revenue_by_page", NOW, "/a", -most)
                .add("revenue_by_page", NOW, "/b", -most)
                .add("revenue_by_page", minutesAgo(1), "/b", -most)
                .flush();

        Snapshot snapshot = state.read(NOW);

        assertThat(state.view(snapshot, "revenue", "3m").value())
                .isEqualTo(BigDecimal.valueOf(Long.MAX_VALUE, 6));
        assertThat(state.view(snapshot, "revenue_by_page", "3m").value())
                .isEqualTo(BigDecimal.valueOf(Long.MIN_VALUE, 6));
        assertThat(state.view(snapshot, "revenue_by_page", "3m").ranking().top())
                .extracting(Group::key, Group::value)
                .containsExactly(
                        tuple("/a", BigDecimal.valueOf(-most, 6)),
                        tuple("/b", BigDecimal.valueOf(Long.MIN_VALUE, 6)));
    }

    @Test
    void uniqueCountsEachValueOnceInAWindow() throws Exception {
        writer.member("users", NOW, "ann")
                .member("users", NOW, "bob")
                .member("users", minutesAgo(2), "ann")
                .member("users", minutesAgo(3), "cyd")
                .member("users", minutesAgo(4), "cyd")
                .flush();

        WindowView users = state.view(state.read(NOW), "users", "3m");

        assertThat(users.value()).isEqualTo(2L);
        assertThat(users.previous()).isEqualTo(1L);
        assertThat(users.series()).extracting(Point::value).containsExactly(1L, 0L, 2L);

        writer.member("users", NOW, "dan").flush();
        assertThat(state.view(state.read(NOW), "users", "3m").value()).isEqualTo(3L);
    }

    @Test
    void groupedUniqueCountsWithinGroupsAndOverall() throws Exception {
        writer.member("sessions", NOW, "ann", "s1")
                .member("sessions", NOW, "ann", "s2")
                .member("sessions", minutesAgo(1), "ann", "s1")
                .member("sessions", minutesAgo(1), "bob", "s1")
                .member("sessions", minutesAgo(3), "bob", "s3")
                .flush();

        WindowView sessions = state.view(state.read(NOW), "sessions", "3m");

        assertThat(sessions.value()).isEqualTo(2L);
        assertThat(sessions.previous()).isEqualTo(1L);
        assertThat(sessions.series()).extracting(Point::value).containsExactly(0L, 1L, 2L);
        assertThat(sessions.ranking().top())
                .containsExactly(new Group("ann", 2L, 0L), new Group("bob", 1L, 1L));

        writer.member("sessions", NOW, "bob", "s4").member("sessions", NOW, "ann", "s2").flush();
        WindowView next = state.view(state.read(NOW), "sessions", "3m");
        assertThat(next.value()).isEqualTo(3L);
        assertThat(next.ranking().top())
                .containsExactly(new Group("ann", 2L, 0L), new Group("bob", 2L, 1L));
    }

    @Test
    void formulasAreOverTheSameWindow() throws Exception {
        writer.add("hits", NOW, 6)
                .add("hits", minutesAgo(3), 3)
                .member("users", NOW, "ann")
                .member("users", NOW, "bob")
                .add("revenue", NOW, 1_500_000)
                .flush();

        Snapshot snapshot = state.read(NOW);

        WindowView perUser = state.view(snapshot, "per_user", "3m");
        assertThat(perUser.value()).isEqualTo(new BigDecimal("3"));
        assertThat(perUser.previous()).as("divided by no user").isNull();
        assertThat(perUser.series())
                .extracting(Point::value)
                .containsExactly(0L, 0L, new BigDecimal("3"));
        assertThat(state.view(snapshot, "per_hit", "3m").value()).isEqualTo(new BigDecimal("0.25"));
        assertThat(state.view(snapshot, "per_hit", "all").value())
                .isEqualTo(new BigDecimal("0.16666666666666666"));
        assertThat(state.view(state.read(NOW), "per_hit", "3m"))
                .isSameAs(state.view(snapshot, "per_hit", "3m"));
    }
}
