package dev.millrace.local.run;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.embedded.ServerStartException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The servers of a local pipeline: each starts in a thread of its own, while the workloads start
 * too and wait for them. Addresses are known before.
 */
final class LocalServers implements AutoCloseable {
    private final String kafka;
    private final String redis;
    private final String mongo;
    private final List<CompletableFuture<? extends AutoCloseable>> starting = new ArrayList<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofPlatform().daemon().name("start-", 0).factory());

    /**
     * The servers of a pipeline, starting now. A {@code MONGODB_URI} in the environment is used
     * instead of an embedded store.
     */
    LocalServers(DataFolder data, String pipeline) {
        int kafkaPort = data.port("kafka", pipeline);
        int redisPort = data.port("redis", pipeline);
        this.kafka = "127.0.0.1:" + kafkaPort;
        this.redis = "redis://127.0.0.1:" + redisPort;
        start("Kafka", () -> EmbeddedKafka.start(data.server("kafka"), kafkaPort));
        start("Redis", () -> EmbeddedRedis.start(data.server("redis"), redisPort));
        String given = System.getenv("MONGODB_URI");
        if (given != null && !given.isBlank()) {
            this.mongo = given;
        } else {
            int mongoPort = data.port("mongo", pipeline);
            this.mongo = "mongodb://127.0.0.1:" + mongoPort + "/millrace";
            start("Mongo", () -> EmbeddedMongo.start(data.server("mongo"), mongoPort, "millrace"));
        }
    }

    private void start(String name, Supplier<? extends AutoCloseable> server) {
        long from = System.nanoTime();
        starting.add(
                CompletableFuture.supplyAsync(
                        () -> {
                            AutoCloseable started = server.get();
                            Console.say(
                                    "  %-6s ready after %.1f s",
                                    name, (System.nanoTime() - from) / 1e9);
                            return started;
                        },
                        threads));
    }

    /** Kafka's address: host and port. */
    String kafka() {
        return kafka;
    }

    /** Redis's address, as a URL. */
    String redis() {
        return redis;
    }

    /** The Mongo-compatible store's address, as a URI. */
    String mongo() {
        return mongo;
    }

    /**
     * Waits until all servers run.
     *
     * @throws ServerStartException when one cannot
     */
    void await() {
        try {
            CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** Stops the servers, the last one first; those that are still starting are waited for. */
    @Override
    public void close() {
        for (CompletableFuture<? extends AutoCloseable> server : starting.reversed()) {
            try {
                server.orTimeout(30, TimeUnit.SECONDS).join().close();
            } catch (Exception e) {
                // One that did not start need not be stopped; the others still are.
                Console.log().debug("A server was not stopped", e);
            }
        }
        threads.shutdown();
    }
}
