package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.Clock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Which events count, by both clocks; the log alone decides. */
class AdmissionTest {
    private static final long NOW = 1_790_000_000_000L;
    private static final StreamPlan STREAM =
            TestPlans.plan(
                            "  streams: [{name: e, fields: {at: {type: timestamp}}, time: at, lateness: 2m}]\n")
                    .streams()
                    .getFirst();

    private static byte[] at(long millis) {
        return ("{\"at\":" + millis + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static Admission admission(Clock clock, long watermark) {
        return new Admission(STREAM, clock, new EventDecoder(STREAM), watermark);
    }

    @ParameterizedTest
    @CsvSource({
        "0, ",
        "-120000, ",
        "-120001, late",
        "-86400000, late",
        "300000, ",
        "300001, future",
        "86400000, future"
    })
    void byTheWallClockTheTimeOfReceivingIsNow(long offset, Cause cause) {
        Decoded decoded = admission(Clock.wall, 0).admit(at(NOW + offset), NOW);
        assertThat(decoded instanceof Rejected rejected ? rejected.cause() : null).isEqualTo(cause);
    }

    @ParameterizedTest
    @CsvSource({
        "2m, 1717556789, 19d 21h",
        "2m, 86405000, 1d 5s",
        "2m, 7200000, 2h",
        "2m, 125250, 2m 5s",
        "2m, 120250, 2m 250ms",
        "90m, 5400250, 1h 30m 250ms",
        "1500ms, 1501, 1s 501ms"
    })
    void theReasonSaysReadablyHowLateAndNeverLessThanIsAllowed(
            String lateness, long behind, String text) {
        StreamPlan stream =
                TestPlans.plan(
                                "  streams: [{name: e, fields: {at: {type: timestamp}}, time: at, lateness: "
                                        + lateness
                                        + "}]\n")
                        .streams()
                        .getFirst();
        Admission admission = new Admission(stream, Clock.wall, new EventDecoder(stream), 0);
        assertThat(admission.admit(at(NOW - behind), NOW))
                .isEqualTo(
                        new Rejected(
                                Cause.late,
                                "Late: %s is %s behind, at most %s is allowed"
                                        .formatted(
                                                Instant.ofEpochMilli(NOW - behind),
                                                text,
                                                lateness)));
    }

    @Test
    void byTheWallClockAnEarlyEventMakesNoOtherLate() {
        Admission admission = admission(Clock.wall, 0);
        assertThat(admission.admit(at(NOW + 300_000), NOW)).isInstanceOf(Event.class);
        assertThat(admission.admit(at(NOW - 120_000), NOW)).isInstanceOf(Event.class);
        assertThat(admission.watermark()).isEqualTo(NOW + 300_000);
    }

    @Test
    void byTheEventClockTheNewestEventIsNow() {
        Admission admission = admission(Clock.event, 0);
        long old = 1_000_000_000_000L;
        assertThat(admission.admit(at(old), NOW)).isInstanceOf(Event.class);
        assertThat(admission.admit(at(old - 120_000), NOW)).isInstanceOf(Event.class);
        assertThat(admission.admit(at(old - 120_001), NOW))
                .isEqualTo(
                        new Rejected(
                                Cause.late,
                                "Late: 2001-09-09T01:44:39.999Z is 2m 1ms behind, at most 2m is allowed"));
        assertThat(admission.admit(at(old + 1), NOW)).isInstanceOf(Event.class);
        assertThat(admission.admit(at(old - 120_000), NOW)).isInstanceOf(Rejected.class);
        assertThat(admission.watermark()).isEqualTo(old + 1);
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotCountMovesNoWatermark(Clock clock) {
        Admission admission = admission(clock, NOW);
        admission.admit(at(NOW + 300_001), NOW);
        admission.admit(at(NOW - 120_001), NOW);
        admission.admit((byte[]) null, NOW);
        admission.admit("{}".getBytes(StandardCharsets.UTF_8), NOW);
        admission.admit(
                "{\"at\":\"9999-12-31T23:59:59.999Z\"}".getBytes(StandardCharsets.UTF_8), NOW);
        assertThat(admission.watermark()).isEqualTo(NOW);
        admission.admit(at(NOW - 5), NOW);
        assertThat(admission.watermark()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @EnumSource
    void readingAgainFromAnyPositionDecidesTheSame(Clock clock) {
        Random random = new Random(11);
        List<byte[]> log = new ArrayList<>();
        List<Long> received = new ArrayList<>();
        long time = NOW;
        for (int i = 0; i < 2_000; i++) {
            time += random.nextLong(10_000);
            received.add(time);
            log.add(
                    random.nextInt(20) == 0
                            ? "broken".getBytes(StandardCharsets.UTF_8)
                            : at(time + random.nextLong(-200_000, 400_000)));
        }
        List<String> decisions = new ArrayList<>();
        List<Long> watermarks = new ArrayList<>();
        Admission whole = admission(clock, 0);
        for (int i = 0; i < log.size(); i++) {
            watermarks.add(whole.watermark());
            decisions.add(describe(whole.admit(log.get(i), received.get(i))));
        }
        assertThat(decisions).anyMatch(text -> text.contains("late"));
        assertThat(decisions).anyMatch(text -> text.contains("future"));
        for (int from = 0; from < log.size(); from += 97) {
            Admission again = admission(clock, watermarks.get(from));
            for (int i = from; i < Math.min(log.size(), from + 300); i++) {
                assertThat(describe(again.admit(log.get(i), received.get(i))))
                        .isEqualTo(decisions.get(i));
                assertThat(again.watermark())
                        .isEqualTo(i + 1 < log.size() ? watermarks.get(i + 1) : whole.watermark());
            }
        }
    }

    private static String describe(Decoded decoded) {
        return decoded instanceof Event event ? "valid " + event.time() : decoded.toString();
    }
}
