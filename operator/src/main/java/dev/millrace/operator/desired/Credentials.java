package dev.millrace.operator.desired;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Passwords that are made once, and never again: the data behind them knows no others. */
public final class Credentials {
    /** The key of the address with user and password. */
    public static final String URI = "uri";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 24;

    private Credentials() {}

    /** A new password: letters and digits, with 192 bits of chance. */
    private static String password() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        // without the characters that addresses would have to escape
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(bytes)
                .replace('-', 'a')
                .replace('_', 'b');
    }

    /** The Secret of Redis, with a new password. */
    public static Secret redis(PipelineView view) {
        String password = password();
        Map<String, String> data = new LinkedHashMap<>();
        data.put("password", password);
        data.put(RedisObjects.PASSWORD_FILE, "requirepass " + password + "\n");
        data.put(
                URI,
                "redis://:%s@%s:%d"
                        .formatted(password, RedisObjects.name(view), RedisObjects.PORT));
        return secret(view, RedisObjects.name(view), RedisObjects.COMPONENT, data);
    }

    /** The Secret of Mongo, with a new password. */
    public static Secret mongo(PipelineView view) {
        String password = password();
        Map<String, String> data = new LinkedHashMap<>();
        data.put("username", MongoObjects.USER);
        data.put("password", password);
        data.put(
                URI,
                "mongodb://%s:%s@%s:%d/%s?authSource=admin"
                        .formatted(
                                MongoObjects.USER,
                                password,
                                MongoObjects.name(view),
                                MongoObjects.PORT,
                                MongoObjects.DATABASE));
        return secret(view, MongoObjects.name(view), MongoObjects.COMPONENT, data);
    }

    private static Secret secret(
            PipelineView view, String name, String component, Map<String, String> data) {
        Map<String, String> encoded = new TreeMap<>();
        data.forEach(
                (key, value) ->
                        encoded.put(
                                key,
                                Base64.getEncoder()
                                        .encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return new SecretBuilder()
                .withMetadata(view.metadata(name, component))
                .withType("Opaque")
                .withData(encoded)
                .build();
    }

    /** A hash of a Secret's content, which restarts who uses it when somebody replaces it. */
    public static String hash(Secret secret) {
        return secret == null || secret.getData() == null
                ? "none"
                : Manifest.hash(new TreeMap<>(secret.getData()).toString());
    }
}
