package dev.millrace.api.sink;

import dev.millrace.pipeline.plan.SinkPlan;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Writes lines to an InfluxDB, or to a server with its line protocol over HTTP. */
final class InfluxClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long LONGEST_PAUSE = 300;
    private static final int LONGEST_MESSAGE = 300;

    private final SinkPlan sink;
    private final URI url;
    private final String authorization;
    private final Duration patience;
    private final HttpClient http;

    /**
     * A client that has not connected.
     *
     * @param settings gives a setting of {@link SinkPlan#setting} by its name; {@code null} for
     *     none
     * @param patience how long each answer may take
     * @throws IllegalArgumentException naming the setting that cannot be used
     */
    InfluxClient(SinkPlan sink, UnaryOperator<String> settings, Duration patience) {
        this.sink = sink;
        this.url = address(sink, settings.apply(sink.setting("url")));
        this.authorization = authorization(sink, settings);
        this.patience = patience;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .build();
    }

    private static URI address(SinkPlan sink, String given) {
        String base = given == null || given.isBlank() ? sink.url().toString() : given.strip();
        if (!base.matches(dev.millrace.pipeline.resource.SinkSpec.URL)) {
            throw new IllegalArgumentException(
                    sink.variable("url") + " is no address; write http://HOST:PORT");
        }
        String query =
                sink.database() != null
                        ? "/write?db=" + encode(sink.database())
                        : "/api/v2/write?org="
                                + encode(sink.org())
                                + "&bucket="
                                + encode(sink.bucket());
        return URI.create(
                base.replaceAll("/+$", "") + query + "&precision=" + sink.precision().name());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String authorization(SinkPlan sink, UnaryOperator<String> settings) {
        String token = settings.apply(sink.setting("token"));
        if (token != null && !token.isBlank()) {
            return "Token " + token.strip();
        }
        String user = settings.apply(sink.setting("username"));
        if (user == null || user.isBlank()) {
            return null;
        }
        String password = settings.apply(sink.setting("password"));
        String both = user.strip() + ":" + (password == null ? "" : password.strip());
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    /** Where it writes, for people: without what is secret. */
    String target() {
        return url.getScheme() + "://" + url.getAuthority();
    }

    /**
     * Writes lines.
     *
     * @return why some of the lines can never be written; empty where all are
     * @throws SinkUnavailableException where it may be possible later
     */
    Optional<String> write(String lines) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .timeout(patience)
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .POST(HttpRequest.BodyPublishers.ofString(lines, StandardCharsets.UTF_8));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        HttpResponse<String> answer;
        try {
            answer =
                    http.send(
                            request.build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (HttpTimeoutException e) {
            throw unavailable(
                    "does not answer within "
                            + patience.toSeconds()
                            + " s; check that it runs, and that this process may reach it",
                    Duration.ZERO);
        } catch (IOException e) {
            throw unavailable(
                    "cannot be reached"
                            + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")")
                            + "; check that it runs, and its url",
                    Duration.ZERO);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was not waited for, as this process ends", Duration.ZERO);
        }
        return understand(answer);
    }

    private Optional<String> understand(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return Optional.empty();
        }
        String said = "answers " + status + message(answer.body());
        return switch (status) {
            case 400, 413, 422 -> Optional.of(said);
            case 401, 403 ->
                    throw unavailable(
                            said
                                    + "; check that the Secret of secretRef has the right token, or username and"
                                    + " password ("
                                    + sink.variable("token")
                                    + " in a local run), and that it may write there",
                            Duration.ZERO);
            case 404 ->
                    throw unavailable(
                            said
                                    + (sink.database() != null
                                            ? "; create the database \"" + sink.database() + "\""
                                            : "; create the bucket \""
                                                    + sink.bucket()
                                                    + "\" of the organization \""
                                                    + sink.org()
                                                    + "\"")
                                    + ", or correct its name and the url in the manifest",
                            Duration.ZERO);
            case 408, 429, 500, 502, 503, 504 ->
                    throw unavailable(said + "; it is tried again", pause(answer));
            default ->
                    throw unavailable(
                            said + "; check that url is the address of an InfluxDB", pause(answer));
        };
    }

    private SinkUnavailableException unavailable(String reason, Duration pause) {
        return new SinkUnavailableException(target() + " " + reason, pause);
    }

    private static Duration pause(HttpResponse<String> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Math.min(LONGEST_PAUSE, Long.parseLong(text))))
                .orElse(Duration.ZERO);
    }

    private static String message(String body) {
        String text = body == null ? "" : body.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (text.isEmpty()) {
            return "";
        }
        return ": "
                + (text.length() > LONGEST_MESSAGE
                        ? text.substring(0, LONGEST_MESSAGE) + "…"
                        : text);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
