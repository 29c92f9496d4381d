package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Durations, buckets and windows, at their edges. */
class WindowTest {
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    @ParameterizedTest
    @CsvSource({
        "1ms, PT0.001S",
        "999999999ms, PT277H46M39.999S",
        "30s, PT30S",
        "5m, PT5M",
        "24h, PT24H",
        "7d, PT168H",
        "10000d, PT240000H",
        "240000h, PT240000H"
    })
    void durationIsRead(String text, Duration duration) {
        assertThat(DurationText.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "m",
                "0s",
                "05m",
                "-5m",
                "+5m",
                "5 m",
                " 5m",
                "5m ",
                "5M",
                "1.5h",
                "1h30m",
                "5min",
                "10001d",
                "240001h",
                "999999999999d",
                "9999999999999d",
                "٥m",
                "5m\n"
            })
    void isNoDuration(String text) {
        assertThat(DurationText.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1ms", "1500ms", "1s", "90s", "1m", "61m", "1h", "25h", "1d", "10000d"})
    void shortestTextOfADurationIsReadAsTheSame(String text) {
        assertThat(DurationText.of(DurationText.parse(text).orElseThrow())).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "minute, 2026-11-21T10:42:00Z, 2026-11-21T10:43:00Z",
        "hour, 2026-11-21T10:00:00Z, 2026-11-21T11:00:00Z",
        "day, 2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z"
    })
    void beginsAnewWithEachOfItsName(String text, Instant from, Instant to) {
        Window window = window(text);
        for (Instant now :
                List.of(from, Instant.parse("2026-11-21T10:42:30Z"), to.minusMillis(1))) {
            assertThat(window.from(now.toEpochMilli())).isEqualTo(from.toEpochMilli());
            assertThat(window.to(now.toEpochMilli())).isEqualTo(to.toEpochMilli());
        }
        assertThat(window.from(to.toEpochMilli())).isEqualTo(to.toEpochMilli());
    }

    @ParameterizedTest
    @CsvSource({
        "1m, MINUTE, 1", "5m, MINUTE, 5", "120m, MINUTE, 120", "2h, MINUTE, 120", "3h, HOUR, 3",
        "1d, HOUR, 24", "7d, HOUR, 168", "168h, HOUR, 168", "8d, DAY, 8", "400d, DAY, 400",
        "minute, MINUTE, 1", "hour, HOUR, 1", "day, DAY, 1", "all, ALL, 1"
    })
    void isMadeOfTheBucketsThatServeItBest(String text, Granularity granularity, int buckets) {
        Window window = window(text);
        assertThat(window.granularity()).isEqualTo(granularity);
        assertThat(window.buckets()).isEqualTo(buckets);
    }

    @Test
    void endsWithTheBucketThatNowFallsIn() {
        Window window = window("5m");
        long noon = Instant.parse("2026-11-21T12:00:00Z").toEpochMilli();
        assertThat(window.to(noon)).isEqualTo(noon + 60_000);
        assertThat(window.to(noon - 1)).isEqualTo(noon);
        assertThat(window.to(noon + 59_999)).isEqualTo(noon + 60_000);
        assertThat(window.from(noon)).isEqualTo(noon - 240_000);
        assertThat(window("8d").from(noon))
                .isEqualTo(Instant.parse("2026-11-14T00:00:00Z").toEpochMilli());
    }

    @Test
    void atTheStartOfTimeItReachesBeforeIt() {
        assertThat(window("5m").from(0)).isEqualTo(-240_000);
        assertThat(window("5m").to(0)).isEqualTo(60_000);
        assertThat(window("400d").to(LAST)).isEqualTo(LAST + 1);
    }

    @Test
    void allHasNoBounds() {
        assertThat(Window.ALL.isAll()).isTrue();
        assertThat(Window.ALL.from(LAST)).isZero();
        assertThat(Window.ALL.to(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(Granularity.ALL.start(LAST)).isZero();
        assertThat(Granularity.ALL.stamp(LAST)).isEqualTo("all");
    }

    @ParameterizedTest
    @CsvSource({
        "MINUTE, 0, 197001010000",
        "HOUR, 0, 1970010100",
        "DAY, 0, 19700101",
        "MINUTE, 253402300799999, 999912312359",
        "HOUR, 253402300799999, 9999123123",
        "DAY, 253402300799999, 99991231",
        "MINUTE, 1709164799999, 202402282359",
        "DAY, 1709164800000, 20240229"
    })
    void bucketIsStampedInUtc(Granularity granularity, long time, String stamp) {
        assertThat(granularity.stamp(time)).isEqualTo(stamp);
    }

    @ParameterizedTest
    @EnumSource(value = Granularity.class, names = "ALL", mode = EnumSource.Mode.EXCLUDE)
    void bucketsFollowEachOtherWithoutGapOrOverlap(Granularity granularity) {
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            long time = random.nextLong(LAST);
            long start = granularity.start(time);
            assertThat(start).isBetween(time - granularity.millis() + 1, time);
            assertThat(start % granularity.millis()).isZero();
            String stamp = granularity.stamp(time);
            assertThat(granularity.stamp(start)).isEqualTo(stamp);
            assertThat(granularity.stamp(start + granularity.millis() - 1)).isEqualTo(stamp);
            if (start > 0) {
                assertThat(granularity.stamp(start - 1)).isLessThan(stamp).hasSameSizeAs(stamp);
            }
        }
    }

    @Test
    void stampsOfDifferentGranularitiesNeverMeet() {
        List<String> stamps = new ArrayList<>();
        for (Granularity granularity : Granularity.values()) {
            stamps.add(granularity.stamp(0));
        }
        assertThat(stamps.stream().map(String::length)).doesNotHaveDuplicates();
    }

    private static Window window(String text) {
        return TestPlans.plan(
                        """
                          streams: [{name: events, fields: {a: {type: string}}}]
                          metrics: [{name: m, measure: count, window: %s}]
                        """
                                .formatted(text))
                .metrics()
                .getFirst()
                .windows()
                .getFirst();
    }
}
