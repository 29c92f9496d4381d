package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.OptionalLong;
import java.util.Random;

/** Every form of a time, and everything that only looks like one. */
class TimestampsTest {
    private static final long LAST = 253_402_300_799_999L;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-01-31T12:00:00Z | 2026-01-31T12:00:00Z",
                "2026-01-31t12:00:00z | 2026-01-31T12:00:00Z",
                "2026-01-31 12:00:00 | 2026-01-31T12:00:00Z",
                "2026-01-31T12:00:00 | 2026-01-31T12:00:00Z",
                "2026-01-31T12:00 | 2026-01-31T12:00:00Z",
                "2026-01-31T12:00Z | 2026-01-31T12:00:00Z",
                "2026-01-31T12:00+01:00 | 2026-01-31T11:00:00Z",
                "2026-01-31 | 2026-01-31T00:00:00Z",
                "2026-01-31T12:00:00+02:00 | 2026-01-31T10:00:00Z",
                "2026-01-31T12:00:00-0330 | 2026-01-31T15:30:00Z",
                "2026-01-31T12:00:00+02 | 2026-01-31T10:00:00Z",
                "2026-01-31T12:00:00-00:00 | 2026-01-31T12:00:00Z",
                "2026-01-31T12:00:00.5Z | 2026-01-31T12:00:00.500Z",
                "2026-01-31T12:00:00,123Z | 2026-01-31T12:00:00.123Z",
                "2026-01-31T12:00:00.123999999Z | 2026-01-31T12:00:00.123Z",
                "2026-01-31T12:00:00.12399999999999Z | 2026-01-31T12:00:00.123Z",
                "2026-01-31T12:00:00.123456+05:45 | 2026-01-31T06:15:00.123Z",
                "2016-12-31T23:59:60Z | 2016-12-31T23:59:59Z",
                "2024-02-29T00:00:00Z | 2024-02-29T00:00:00Z",
                "1970-01-01T00:00:00Z | 1970-01-01T00:00:00Z",
                "1970-01-01 | 1970-01-01T00:00:00Z",
                "1970-01-01T01:00:00+01:00 | 1970-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999Z | 9999-12-31T23:59:59.999Z",
                "1700000000 | 2023-11-14T22:13:20Z",
                "1700000000123 | 2023-11-14T22:13:20.123Z",
                "1700000000.123 | 2023-11-14T22:13:20.123Z",
                "1700000000.1239 | 2023-11-14T22:13:20.123Z",
                "0000000000 | 1970-01-01T00:00:00Z",
                "99999999999 | 5138-11-16T09:46:39Z",
                "100000000000 | 1973-03-03T09:46:40Z",
                "253402300799999 | 9999-12-31T23:59:59.999Z",
            })
    void isRead(String text, Instant time) {
        assertThat(Timestamps.parse(text)).hasValue(time.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "now",
                "yesterday",
                "2026",
                "2026-01",
                "2026-1-31",
                "2026-01-3",
                "2026/01/31",
                "31-01-2026",
                "2026-02-29",
                "2026-02-30",
                "2026-00-10",
                "2026-13-01",
                "2026-01-00",
                "2026-01-32",
                "20260131",
                "20260131T120000Z",
                "2026-W05-6",
                "2026-031",
                "2026-01-31T",
                "2026-01-31T12",
                "2026-01-31T12:0",
                "2026-01-31T24:00:00Z",
                "2026-01-31T12:60:00Z",
                "2026-01-31T12:00:61Z",
                "2026-01-31T12:00:",
                "2026-01-31T12:00:0",
                "2026-01-31T12:00:00.Z",
                "2026-01-31T12:00:00.",
                "2026-01-31T12:00:00 Z",
                "2026-01-31T12:00:00X",
                "2026-01-31T12:00:00ZZ",
                "2026-01-31T12:00:00+",
                "2026-01-31T12:00:00+2",
                "2026-01-31T12:00:00+02:0",
                "2026-01-31T12:00:00+02:60",
                "2026-01-31T12:00:00+19:00",
                "2026-01-31T12:00:00+02-00",
                "2026-01-31T12:00:00+020",
                "2026-01-31T12:00:00+02:00:00",
                "2026-01-31T12:00:00Z[UTC]",
                "2026-01-31T12:00:00 UTC",
                "2026-01-31Z",
                "2026-01-31+01:00",
                "-2026-01-31T12:00:00Z",
                "+2026-01-31T12:00:00Z",
                "12026-01-31T12:00:00Z",
                "1969-12-31T23:59:59Z",
                "1970-01-01T00:00:00+00:01",
                "9999-12-31T23:59:59-01:00",
                "0000-01-01",
                "٢٠٢٦-٠١-٣١",
                "2026-01-31T12:00:00Z\n",
                " 2026-01-31T12:00:00Z",
                "2026-01-31T12:00:00.123456789012345678901Z",
                "86400",
                "-1700000000",
                "+1700000000",
                "1700000000f",
                "1700000000d",
                "1700000000 ",
                "170000000e1",
                "1700000000.",
                "1700000000.5.5",
                "0x1p1000000",
                "1700000000L",
                "253402300800000",
                "99999999999999999999",
                "Infinity12",
                "NaNNaNNaNNaN",
                "Sat, 31 Jan 2026 12:00:00 GMT",
                "31/Jan/2026:12:00:00 +0000"
            })
    void isNoTime(String text) {
        assertThat(Timestamps.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1000",
        "1.001, 1001",
        "1.0019, 1001",
        "0.001, 1",
        "0.0009, 0",
        "4.9E-324, 0",
        "1700000000, 1700000000000",
        "1700000000.123, 1700000000123",
        "1700000000.999, 1700000000999",
        "99999999999, 99999999999000",
        "99999999999.5, 99999999999500",
        "100000000000, 100000000000",
        "1700000000123.9, 1700000000123",
        "253402300799999, 253402300799999"
    })
    void numberIsSecondsOrMilliseconds(double number, long millis) {
        assertThat(Timestamps.parse(number)).hasValue(millis);
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                -1,
                -1e-9,
                253402300800000.0,
                1e18,
                1e308,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN
            })
    void numberIsNoTime(double number) {
        assertThat(Timestamps.parse(number)).isEmpty();
    }

    @Test
    void everyMillisecondAsAFractionOfASecondIsItself() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            long millis = random.nextLong(4_000_000_000_000L);
            double seconds = BigDecimal.valueOf(millis, 3).doubleValue();
            assertThat(Timestamps.parse(seconds)).hasValue(millis);
        }
    }

    @Test
    void agreesWithTheJdkOnWellFormedTimes() {
        DateTimeFormatter fraction =
                new DateTimeFormatterBuilder()
                        .append(DateTimeFormatter.ISO_LOCAL_DATE)
                        .appendLiteral('T')
                        .appendPattern("HH:mm:ss")
                        .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                        .toFormatter();
        String[] offsets = {"+HH:MM", "+HHMM", "+HH:MM"};
        Random random = new Random(6);
        for (int i = 0; i < 50_000; i++) {
            LocalDateTime local =
                    LocalDateTime.ofEpochSecond(
                            random.nextLong(LAST / 1_000),
                            random.nextBoolean() ? 0 : random.nextInt(1_000_000_000),
                            ZoneOffset.UTC);
            ZoneOffset offset =
                    ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1));
            String text =
                    local.format(fraction)
                            + new DateTimeFormatterBuilder()
                                    .appendOffset(offsets[i % 3], "Z")
                                    .toFormatter()
                                    .format(offset);
            long millis =
                    BigDecimal.valueOf(local.toEpochSecond(offset))
                            .movePointRight(3)
                            .add(BigDecimal.valueOf(local.getNano(), 6))
                            .setScale(0, RoundingMode.FLOOR)
                            .longValueExact();
            OptionalLong expected =
                    millis < 0 || millis > LAST ? OptionalLong.empty() : OptionalLong.of(millis);
            assertThat(Timestamps.parse(text)).as(text).isEqualTo(expected);
        }
    }

    @Test
    void takesNothingThatTheJdkRefuses() {
        DateTimeFormatter strict =
                new DateTimeFormatterBuilder()
                        .parseCaseInsensitive()
                        .append(DateTimeFormatter.ISO_LOCAL_DATE)
                        .optionalStart()
                        .appendPattern("['T'][ ]")
                        .appendPattern("HH:mm[:ss]")
                        .optionalStart()
                        .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                        .optionalEnd()
                        .appendPattern("[XXX][XX][X]")
                        .optionalEnd()
                        .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                        .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
                        .toFormatter()
                        .withResolverStyle(ResolverStyle.STRICT);
        Random random = new Random(8);
        String pieces = "0123456789-:.TZ+ ";
        int taken = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder("2026-01-31T12:34:56.789+02:00");
            text.setLength(random.nextInt(10, text.length() + 1));
            for (int change = random.nextInt(3); change > 0; change--) {
                text.setCharAt(
                        random.nextInt(text.length()),
                        pieces.charAt(random.nextInt(pieces.length())));
            }
            OptionalLong time = Timestamps.parse(text.toString());
            if (time.isPresent() && text.indexOf("-") == 4 && !text.toString().contains(":60")) {
                taken++;
                assertThat(time.getAsLong()).as("%s", text).isEqualTo(jdk(text.toString(), strict));
            }
        }
        assertThat(taken).isGreaterThan(5_000);
    }

    private static long jdk(String text, DateTimeFormatter format) {
        try {
            return OffsetDateTime.parse(text, format).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new AssertionError("the JDK refuses " + text, e);
        }
    }
}
