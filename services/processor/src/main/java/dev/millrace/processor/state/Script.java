package dev.millrace.processor.state;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisScriptingAsyncCommands;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** A Lua script that runs in Redis, sent whole only when Redis does not know it yet. */
final class Script {
    private final byte[] source;
    private final String digest;

    private Script(byte[] source) {
        this.source = source;
        try {
            this.digest =
                    HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(source));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /**
     * The script of a name, beside this class.
     *
     * @param parts of others that stand before it
     */
    static Script load(String name, String... parts) {
        StringBuilder source = new StringBuilder();
        for (String part : parts) {
            source.append(read(part));
        }
        return new Script(source.append(read(name)).toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String read(String name) {
        try (InputStream stream = Script.class.getResourceAsStream(name + ".lua")) {
            // comments are for people; Redis need not store them
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.replaceAll("(?m)^--.*\\R", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it. */
    <T> CompletionStage<T> run(
            RedisScriptingAsyncCommands<byte[], byte[]> redis,
            ScriptOutputType type,
            byte[][] keys,
            byte[]... arguments) {
        return redis.<T>evalsha(digest, type, keys, arguments)
                .exceptionallyCompose(
                        failure -> {
                            Throwable cause =
                                    failure instanceof CompletionException
                                            ? failure.getCause()
                                            : failure;
                            if (cause instanceof RedisNoScriptException) {
                                return redis.eval(source, type, keys, arguments);
                            }
                            throw new CompletionException(cause);
                        });
    }
}
