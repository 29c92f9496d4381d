package dev.millrace.testing;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One Kafka, one Redis and one Mongo-compatible store for all tests of a JVM, each started when a
 * test first asks for it and stopped when the JVM ends.
 *
 * <p>They are containers where a Docker engine is there and asked for, by {@code DOCKER_HOST} or
 * {@code MILLRACE_TEST_DOCKER=true}, and has or gets the image; else they are embedded. A printed
 * line tells which. {@code MILLRACE_TEST_DOCKER=false} always means embedded.
 *
 * <p>Tests that stop, kill or wipe a server start an embedded one of their own.
 */
public final class TestServers {

    private static final Shared<TestKafka> KAFKA = new Shared<>(TestServers::startKafka);
    private static final Shared<TestRedis> REDIS = new Shared<>(TestServers::startRedis);
    private static final Shared<TestMongo> MONGO = new Shared<>(TestServers::startMongo);

    private TestServers() {}

    /** The shared Kafka. */
    public static TestKafka kafka() {
        return KAFKA.get();
    }

    /** The shared Redis. */
    public static TestRedis redis() {
        return REDIS.get();
    }

    /** The shared Mongo-compatible store. */
    public static TestMongo mongo() {
        return MONGO.get();
    }

    private static TestKafka startKafka() {
        return start("Kafka", Containers.KAFKA, Containers::kafka, EmbeddedServers::kafka);
    }

    private static TestRedis startRedis() {
        return start("Redis", Containers.REDIS, Containers::redis, EmbeddedServers::redis);
    }

    private static TestMongo startMongo() {
        return start("Mongo", Containers.MONGO, Containers::mongo, EmbeddedServers::mongo);
    }

    private static <T> T start(
            String name, String image, Supplier<T> container, Supplier<T> embedded) {
        var reason = DockerEngine.reasonAgainst(System.getenv());
        if (reason.isEmpty()) {
            try {
                var server = container.get();
                System.out.printf("Tests use %s in a container of %s.%n", name, image);
                return server;
            } catch (RuntimeException e) {
                reason = Optional.of("the container did not start: " + e.getMessage());
            }
        }
        System.out.printf("Tests use an embedded %s: %s.%n", name, reason.get());
        return embedded.get();
    }

    private static final class Shared<T> {

        private final Supplier<T> starter;
        private T server;

        Shared(Supplier<T> starter) {
            this.starter = starter;
        }

        synchronized T get() {
            if (server == null) {
                server = starter.get();
            }
            return server;
        }
    }
}
