package dev.millrace.local.send;

import dev.millrace.local.CommandFailure;
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

/**
 * Sends lines to a collector in their order: in batches, one after the other, again where the
 * collector asks to wait.
 */
final class EventSender {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int EVENTS = 500;
    private static final int BYTES = 4 << 20;
    private static final int TRIES = 60;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI target;
    private final Summary summary = new Summary();
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private int events;
    private long firstLine;

    EventSender(URI target) {
        this.target = target;
    }

    Summary send(InputStream input, Progress progress) throws IOException, InterruptedException {
        LineReader lines = new LineReader(input);
        long number = 0;
        byte[] line;
        while ((line = lines.next()) != null) {
            number++;
            if (line.length > EventLimits.BYTES) {
                summary.tooLarge(number, line.length);
            } else if (!isBlank(line)) {
                if (batch.size() + line.length > BYTES || events == EVENTS) {
                    flush();
                    progress.show(lines.read(), summary.accepted());
                }
                firstLine = events == 0 ? number : firstLine;
                batch.write(line);
                batch.write('\n');
                events++;
            }
        }
        if (events > 0) {
            flush();
        }
        return summary;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
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
            if (response.statusCode() == 202) {
                JsonNode answer = parse(response);
                summary.accepted(
                        answer.path("accepted").asLong(0), answer.path("invalid").asLong(0));
                answer.path("problems")
                        .forEach(
                                problem ->
                                        summary.problem(
                                                "line "
                                                        + (firstLine
                                                                + problem.path("index").asLong(0))
                                                        + ": "
                                                        + problem.path("reason").asString("")));
                batch.reset();
                events = 0;
                return;
            }
            boolean again =
                    response.statusCode() == 429
                            || response.statusCode() == 503
                                    && parse(response).path("accepted").asLong(0) == 0;
            if (!again || tries == TRIES) {
                throw new CommandFailure(
                        "The collector at %s answered %d to the batch from line %d on: %s%n%,d events before it were accepted."
                                .formatted(
                                        target,
                                        response.statusCode(),
                                        firstLine,
                                        parse(response).path("detail").asString(response.body()),
                                        summary.accepted()));
            }
            Thread.sleep(
                    Duration.ofSeconds(
                            response.headers().firstValueAsLong("Retry-After").orElse(1)));
        }
    }

    private HttpResponse<String> post(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailure(
                    "The collector at %s does not answer (%s); is the pipeline running? %,d events were accepted before."
                            .formatted(
                                    target,
                                    e.getMessage() == null
                                            ? e.getClass().getSimpleName()
                                            : e.getMessage(),
                                    summary.accepted()));
        }
    }

    private static JsonNode parse(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }
}
