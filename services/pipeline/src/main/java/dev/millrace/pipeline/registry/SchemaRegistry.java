package dev.millrace.pipeline.registry;

import dev.millrace.pipeline.plan.Plan;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A registry with Confluent's protocol. Schemas are remembered, the last {@value #REMEMBERED} of
 * them; that there is none under an id is remembered for a while. After a failure it is not asked
 * again at once: meanwhile the failure is the answer.
 */
public final class SchemaRegistry implements Schemas {
    /** The setting that names its address. */
    public static final String URL = "millrace.schema-registry.url";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CONTENT = "application/vnd.schemaregistry.v1+json";
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration UNKNOWN = Duration.ofSeconds(10);
    private static final int REMEMBERED = 1_000;
    private static final int REFERENCES = 100;

    /** The protocol's numbers for "there is no such schema, version or subject". */
    private static final Set<Integer> NONE = Set.of(40401, 40402, 40403);

    private final String url;
    private final String authorization;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .build();

    private final Map<Integer, Remembered> byId = bounded();
    private final Map<String, Integer> registered = bounded();
    private SchemasUnavailableException failure;
    private Duration pause = FIRST_PAUSE;
    private long askAgain;

    /**
     * An answer.
     *
     * @param until on {@link System#nanoTime}'s clock; meaningless where a schema is known, which
     *     never changes
     */
    private record Remembered(Found found, long until) {}

    /** A status and a body. */
    private record Answer(int status, JsonNode body) {
        int code() {
            return body.path("error_code").asInt(0);
        }

        String message() {
            return body.path("message").asString("status " + status);
        }
    }

    /**
     * A registry.
     *
     * @param url its address, to which {@code /schemas/ids/1} is added
     * @param authorization the value of the header of that name; {@code null} for none
     */
    public SchemaRegistry(URI url, String authorization) {
        this.url = url.toString().replaceAll("/+$", "");
        this.authorization = authorization;
    }

    /**
     * The registry that a service's settings name: {@code millrace.schema-registry.url}, and {@code
     * username} and {@code password}, or {@code token}.
     *
     * @param settings gives a setting by its name; {@code null} for none
     * @return {@code null} where the plan has no Avro
     * @throws IllegalArgumentException where it is needed, and the address is missing or none
     */
    public static SchemaRegistry of(Plan plan, UnaryOperator<String> settings) {
        if (!plan.hasAvro()) {
            return null;
        }
        String url = Objects.requireNonNullElse(settings.apply(URL), "").strip();
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new IllegalArgumentException(
                    URL
                            + (url.isEmpty() ? " is not set" : " is \"" + url + "\"")
                            + ", and a stream or table of the pipeline is Avro: name the schema registry, such"
                            + " as http://registry:8080/apis/ccompat/v7, in the setting or in the"
                            + " environment's MILLRACE_SCHEMA_REGISTRY_URL");
        }
        return new SchemaRegistry(URI.create(url), authorization(settings));
    }

    private static String authorization(UnaryOperator<String> settings) {
        String token = settings.apply("millrace.schema-registry.token");
        if (token != null && !token.isBlank()) {
            return "Bearer " + token.strip();
        }
        String user = settings.apply("millrace.schema-registry.username");
        if (user == null || user.isBlank()) {
            return null;
        }
        String password = settings.apply("millrace.schema-registry.password");
        String both = user.strip() + ":" + (password == null ? "" : password.strip());
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    @Override
    public synchronized Found find(int id) {
        Remembered remembered = byId.get(id);
        if (remembered == null
                || remembered.found() instanceof Found.Unknown
                        && System.nanoTime() - remembered.until() > 0) {
            remembered = new Remembered(ask(id), System.nanoTime() + UNKNOWN.toNanos());
            byId.put(id, remembered);
        }
        return remembered.found();
    }

    private Found ask(int id) {
        Answer answer = call("/schemas/ids/" + id, null);
        if (answer.status() == 404) {
            return new Found.Unknown("the registry has no schema " + id);
        }
        String type = answer.body().path("schemaType").asString("AVRO");
        if (!type.equals("AVRO")) {
            return new Found.Unknown("schema " + id + " is " + type + ", not Avro");
        }
        try {
            return new Found.Known(parse(answer.body()));
        } catch (AvroRuntimeException e) {
            return new Found.Unknown("schema " + id + " cannot be read: " + e.getMessage());
        }
    }

    /** A schema with those that it refers to, which come before it. */
    private Schema parse(JsonNode body) {
        Map<String, String> texts = new LinkedHashMap<>();
        collect(body, texts, new ArrayList<>());
        Schema.Parser parser = new Schema.Parser();
        texts.values().forEach(parser::parse);
        return parser.parse(body.path("schema").asString(""));
    }

    private void collect(JsonNode body, Map<String, String> texts, List<String> underway) {
        for (JsonNode reference : body.path("references")) {
            String path =
                    "/subjects/"
                            + encoded(reference.path("subject").asString(""))
                            + "/versions/"
                            + reference.path("version").asInt(0);
            if (texts.containsKey(path) || underway.contains(path)) {
                continue;
            }
            if (texts.size() + underway.size() >= REFERENCES) {
                throw new AvroRuntimeException(
                        "it refers to more than " + REFERENCES + " other schemas");
            }
            Answer answer = call(path, null);
            if (answer.status() == 404) {
                throw new AvroRuntimeException("it refers to " + path + ", which is not there");
            }
            underway.add(path);
            collect(answer.body(), texts, underway);
            underway.remove(path);
            texts.put(path, answer.body().path("schema").asString(""));
        }
    }

    @Override
    public synchronized int register(String subject, Schema schema) {
        String text = schema.toString();
        String key = subject + " " + text;
        Integer known = registered.get(key);
        if (known != null) {
            return known;
        }
        Answer answer =
                call(
                        "/subjects/" + encoded(subject) + "/versions",
                        JSON.writeValueAsString(Map.of("schema", text)));
        switch (answer.status()) {
            case 409 ->
                    throw new SchemaRefusedException(
                            "The schema registry does not take the stream's fields as a new version of "
                                    + subject
                                    + " ("
                                    + answer.message()
                                    + "): add fields as optional: true, take away only optional ones,"
                                    + " keep types; or give the stream another topic");
            case 422 ->
                    throw new SchemaRefusedException(
                            "The schema registry calls the schema of "
                                    + subject
                                    + " invalid ("
                                    + answer.message()
                                    + ")");
            default -> {}
        }
        JsonNode id = answer.body().path("id");
        if (!id.isIntegralNumber()) {
            throw failed(unlike("it gave no id for " + subject));
        }
        registered.put(key, id.asInt());
        return id.asInt();
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Asks.
     *
     * @param body what to post; {@code null} to get
     * @return an answer of status 200, 404 (of what the protocol calls not found), 409 or 422
     */
    private Answer call(String path, String body) {
        if (failure != null && System.nanoTime() - askAgain < 0) {
            throw failure;
        }
        Answer answer = send(path, body);
        int status = answer.status();
        boolean clear =
                switch (status) {
                    case 200 -> answer.body().isObject();
                    case 404 -> body == null && NONE.contains(answer.code());
                    case 409 -> body != null;
                    case 422 -> body != null;
                    default -> false;
                };
        if (!clear) {
            throw failed(
                    switch (status) {
                        case 401, 403 ->
                                "The schema registry "
                                        + url
                                        + " refuses with status "
                                        + status
                                        + ": check username and password, or token";
                        case 200, 404 -> unlike("status " + status + " at " + path);
                        default ->
                                "The schema registry "
                                        + url
                                        + " fails with status "
                                        + status
                                        + " ("
                                        + answer.message()
                                        + ")";
                    });
        }
        failure = null;
        pause = FIRST_PAUSE;
        return answer;
    }

    private String unlike(String what) {
        return url
                + " does not answer like a schema registry ("
                + what
                + "): check the address; Apicurio's ends in /apis/ccompat/v7";
    }

    private Answer send(String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path))
                        .timeout(ANSWER)
                        .header("Accept", CONTENT + ", application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        if (body != null) {
            request.header("Content-Type", CONTENT).POST(BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<byte[]> response =
                    client.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (IOException e) {
            throw failed("The schema registry " + url + " cannot be reached: " + why(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemasUnavailableException("Interrupted while asking the schema registry");
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.missingNode();
        }
    }

    private static String why(IOException e) {
        return switch (e) {
            case HttpTimeoutException _ -> "no answer within " + ANSWER.toSeconds() + " s";
            case ConnectException _ -> "no connection";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    /** Remembers a failure, so that whoever asks in a loop does not ask the registry each time. */
    private SchemasUnavailableException failed(String message) {
        failure = new SchemasUnavailableException(message);
        askAgain = System.nanoTime() + pause.toNanos();
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        return failure;
    }
}
