package dev.millrace.processor;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The connection to Redis's database behind the live one, made when it is first needed: only while
 * a changed manifest is counted anew.
 */
final class BesideDatabase implements AutoCloseable {
    private final LettuceConnectionFactory live;
    private LettuceConnectionFactory beside;

    BesideDatabase(RedisConnectionFactory live) {
        this.live =
                live instanceof LettuceConnectionFactory lettuce && !lettuce.isClusterAware()
                        ? lettuce
                        : null;
    }

    /** Whether there is one; a cluster has only the first. */
    boolean isThere() {
        return live != null;
    }

    /** Number of the live database. */
    int liveNumber() {
        return live == null ? 0 : live.getDatabase();
    }

    /** The commands of its shared connection. */
    @SuppressWarnings("unchecked")
    synchronized RedisClusterAsyncCommands<byte[], byte[]> commands() {
        if (beside == null) {
            LettuceConnectionFactory made = make();
            made.afterPropertiesSet();
            made.start();
            beside = made;
        }
        return (RedisClusterAsyncCommands<byte[], byte[]>)
                beside.getConnection().getNativeConnection();
    }

    /** Closes its shared connection; the next command makes a new one. */
    synchronized void reconnect() {
        if (beside != null) {
            beside.resetConnection();
        }
    }

    private LettuceConnectionFactory make() {
        RedisSentinelConfiguration sentinel = live.getSentinelConfiguration();
        if (sentinel != null) {
            RedisSentinelConfiguration copy = new RedisSentinelConfiguration();
            copy.setMaster(sentinel.getMaster());
            copy.setSentinels(sentinel.getSentinels());
            copy.setSentinelUsername(sentinel.getSentinelUsername());
            copy.setSentinelPassword(sentinel.getSentinelPassword());
            copy.setUsername(sentinel.getUsername());
            copy.setPassword(sentinel.getPassword());
            copy.setDatabase(liveNumber() + 1);
            return new LettuceConnectionFactory(copy, live.getClientConfiguration());
        }
        RedisStandaloneConfiguration standalone = live.getStandaloneConfiguration();
        RedisStandaloneConfiguration copy =
                new RedisStandaloneConfiguration(standalone.getHostName(), standalone.getPort());
        copy.setUsername(standalone.getUsername());
        copy.setPassword(standalone.getPassword());
        copy.setDatabase(liveNumber() + 1);
        return new LettuceConnectionFactory(copy, live.getClientConfiguration());
    }

    @Override
    public synchronized void close() {
        if (beside != null) {
            beside.destroy();
        }
    }
}
