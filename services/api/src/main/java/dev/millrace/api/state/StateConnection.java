package dev.millrace.api.state;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.StringCodec;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to Redis, from being made to its first interruption. It is never mended: what was
 * read before an interruption need not be there after it, so that the reader shall notice.
 */
final class StateConnection implements AutoCloseable {
    private final StatefulConnection<String, String> connection;
    private final RedisClusterAsyncCommands<String, String> commands;
    private final Duration patience;
    private volatile boolean broken;

    private StateConnection(
            StatefulConnection<String, String> connection,
            RedisClusterAsyncCommands<String, String> commands,
            Duration patience) {
        this.connection = connection;
        this.commands = commands;
        this.patience = patience;
        connection.addListener(
                new RedisConnectionStateListener() {
                    @Override
                    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                        broken = true;
                    }
                });
    }

    /**
     * Connects, apart from the connection that others share, which large answers would hold up.
     *
     * @param patience how long each answer may take
     * @throws io.lettuce.core.RedisException when Redis cannot be reached
     */
    static StateConnection open(LettuceConnectionFactory factory, Duration patience) {
        return switch (factory.getRequiredNativeClient()) {
            case RedisClient client -> {
                StatefulRedisConnection<String, String> connection =
                        client.connect(StringCodec.UTF8);
                yield new StateConnection(connection, connection.async(), patience);
            }
            case RedisClusterClient client -> {
                StatefulRedisClusterConnection<String, String> connection =
                        client.connect(StringCodec.UTF8);
                yield new StateConnection(connection, connection.async(), patience);
            }
            default ->
                    throw new IllegalStateException(
                            "The Redis client is neither for one server nor for a cluster");
        };
    }

    /** Commands that are sent at once and answered in order. */
    RedisClusterAsyncCommands<String, String> send() {
        return commands;
    }

    /** Whether it has been interrupted, even for a moment. */
    boolean isBroken() {
        return broken || !connection.isOpen();
    }

    /**
     * An answer.
     *
     * @throws StateUnavailableException when it does not come in time, or is an error
     */
    <T> T await(RedisFuture<T> answer) throws InterruptedException {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new StateUnavailableException(e.getCause());
        } catch (TimeoutException e) {
            throw new StateUnavailableException(e);
        }
    }

    @Override
    public void close() {
        connection.closeAsync();
    }
}
