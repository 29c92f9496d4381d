package dev.millrace.local.send;

import dev.millrace.local.CommandFailure;
import dev.millrace.local.send.LineReader.Line;
import dev.millrace.pipeline.event.EventLimits;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;

/**
 * Sends lines to a collector in their order: in batches, one after the other, again where the
 * collector asks to wait.
 */
final class EventSender {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int EVENTS = 500;
    private static final int BYTES = 4 << 20;
    private static final int TRIES = 60;
    private static final int SHOWN = 300;

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
    private final URI target;
    private final Progress progress;
    private final Summary summary = new Summary();
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

    /** The numbers of the batch's lines: blank ones in between are not sent. */
    private final long[] numbers = new long[EVENTS];

    private int events;

    EventSender(URI target, Progress progress) {
        this.target = target;
        this.progress = progress;
    }

    /**
     * Sends all lines.
     *
     * @throws CommandFailure where the collector does not take them; says how many it took before
     */
    Summary send(InputStream input) throws IOException, InterruptedException {
        LineReader lines = new LineReader(input, EventLimits.BYTES);
        long number = 0;
        Line line;
        while ((line = lines.next()) != null) {
            number++;
            if (!line.isWhole()) {
                summary.tooLarge(number, line.length());
            } else if (!line.isBlank()) {
                if (batch.size() + line.length() > BYTES || events == EVENTS) {
                    flush();
                    progress.show(lines.read(), summary.accepted());
                }
                numbers[events++] = number;
                batch.writeBytes(line.bytes());
                batch.write('\n');
            }
        }
        if (events > 0) {
            flush();
        }
        return summary;
    }

    private void flush() throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(target)
                        .timeout(Duration.ofMinutes(1))
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(batch.toByteArray()))
                        .build();
        for (int tries = 1; ; tries++) {
            HttpResponse<String> response = post(request);
            JsonNode answer = parse(response);
            if (response.statusCode() == 202) {
                accepted(answer);
                return;
            }
            if (!isToRepeat(response, answer) || tries == TRIES) {
                throw refused(response, answer);
            }
            if (tries == 1) {
                progress.say("The collector asks to wait: " + detail(response, answer));
            }
            Thread.sleep(pause(response));
        }
    }

    private void accepted(JsonNode answer) {
        summary.accepted(answer.path("accepted").asLong(0), answer.path("invalid").asLong(0));
        for (JsonNode problem : answer.path("problems")) {
            int index = problem.path("index").asInt(-1);
            if (index >= 0 && index < events) {
                summary.problem(
                        "line " + numbers[index] + ": " + problem.path("reason").asString(""));
            }
        }
        batch.reset();
        events = 0;
    }

    /** Not where some of the batch may be written: those events would be there twice. */
    private static boolean isToRepeat(HttpResponse<String> response, JsonNode answer) {
        return response.statusCode() == 429
                || response.statusCode() == 503 && answer.path("events").asLong(0) == 0;
    }

    private static Duration pause(HttpResponse<String> response) {
        return Duration.ofSeconds(
                response.headers()
                        .firstValue("Retry-After")
                        .filter(text -> text.matches("[0-9]{1,2}"))
                        .map(Long::valueOf)
                        .orElse(1L));
    }

    private HttpResponse<String> post(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailure(
                    "The collector at "
                            + target
                            + " does not answer ("
                            + e
                            + "); is the pipeline running? "
                            + before());
        }
    }

    private CommandFailure refused(HttpResponse<String> response, JsonNode answer) {
        return new CommandFailure(
                "The collector at "
                        + target
                        + " answered "
                        + response.statusCode()
                        + " to the lines "
                        + numbers[0]
                        + " to "
                        + numbers[events - 1]
                        + ": "
                        + detail(response, answer)
                        + System.lineSeparator()
                        + before());
    }

    private String before() {
        return String.format(
                Locale.ROOT,
                "%,d events before line %d were accepted.",
                summary.accepted(),
                numbers[0]);
    }

    /** What the collector says; whatever answers in its place may say anything. */
    private static String detail(HttpResponse<String> response, JsonNode answer) {
        String text =
                answer.path("detail")
                        .asString(response.body().lines().findFirst().orElse("nothing more"));
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    private static JsonNode parse(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }
}
