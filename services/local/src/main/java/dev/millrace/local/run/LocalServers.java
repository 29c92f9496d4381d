package dev.millrace.local.run;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.embedded.EmbeddedRegistry;
import dev.millrace.embedded.ServerStartException;
import dev.millrace.pipeline.plan.Plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    private final String registry;
    private final DataFolder data;
    private final List<CompletableFuture<? extends AutoCloseable>> starting = new ArrayList<>();
    private volatile boolean closing;

    /**
     * The servers of a pipeline, starting now.
     *
     * @param mongo the URI of a store to use instead of an embedded one; {@code null} for none
     * @param avro whether a schema registry is needed
     */
    LocalServers(DataFolder data, String mongo, boolean avro) {
        this.data = data;
        int kafkaPort = data.port("kafka");
        int redisPort = data.port("redis");
        int mongoPort = mongo == null ? data.port("mongo") : 0;
        this.kafka = "127.0.0.1:" + kafkaPort;
        this.redis = "redis://127.0.0.1:" + redisPort;
        this.mongo = mongo == null ? "mongodb://127.0.0.1:" + mongoPort + "/millrace" : mongo;
        start("Kafka", () -> EmbeddedKafka.start(data.server("kafka"), kafkaPort));
        start("Redis", () -> EmbeddedRedis.start(data.server("redis"), redisPort));
        if (mongo == null) {
            start("Mongo", () -> EmbeddedMongo.start(data.server("mongo"), mongoPort, "millrace"));
        }
        int registryPort = avro ? data.port("registry") : 0;
        this.registry = avro ? EmbeddedRegistry.url(registryPort) : null;
        if (avro) {
            start(
                    "Schemas",
                    () ->
                            EmbeddedRegistry.start(
                                    data.server("registry"),
                                    registryPort,
                                    RegistryProgram.folder()));
        }
    }

    private void start(String name, Supplier<? extends AutoCloseable> server) {
        long from = System.nanoTime();
        starting.add(
                CompletableFuture.supplyAsync(
                        () -> {
                            AutoCloseable started = server.get();
                            if (!closing) {
                                Console.say(
                                        "  %-7s ready after %.1f s",
                                        name, (System.nanoTime() - from) / 1e9);
                            }
                            return started;
                        },
                        Thread.ofPlatform().daemon().name("start-" + name)::start));
    }

    /** Starts to capture tables as soon as Kafka runs. */
    void capture(Plan plan, Collection<GivenDatabase> databases) {
        CompletableFuture<? extends AutoCloseable> broker = starting.getFirst();
        starting.add(
                broker.thenApplyAsync(
                        _ -> TableCapture.start(plan, databases, data.server("connect"), kafka),
                        Thread.ofPlatform().daemon().name("start-Connect")::start));
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

    /** The schema registry's address; {@code null} where none is needed. */
    String registry() {
        return registry;
    }

    /**
     * Done when all servers run; fails with a {@link ServerStartException} as soon as one of them
     * cannot start, or with a {@link dev.millrace.local.CommandFailure} where its program cannot be
     * had.
     */
    CompletableFuture<Void> started() {
        CompletableFuture<Void> all =
                CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new));
        starting.forEach(
                server ->
                        server.exceptionally(
                                failure -> {
                                    all.completeExceptionally(failure);
                                    return null;
                                }));
        return all;
    }

    /** Stops the servers, the last one first; those that are still starting are waited for. */
    @Override
    public void close() {
        closing = true;
        for (CompletableFuture<? extends AutoCloseable> server : starting.reversed()) {
            try {
                server.orTimeout(30, TimeUnit.SECONDS).join().close();
            } catch (Exception e) {
                // One that did not start need not be stopped; the others still are.
                Console.log().debug("A server was not stopped", e);
            }
        }
    }
}
