package dev.millrace.testing;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;

import java.util.function.Supplier;

/**
 * One Kafka, one Redis and one Mongo-compatible store for all tests of a JVM, each started when a
 * test first asks for it and stopped when the JVM ends.
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
        var kafka = EmbeddedKafka.start(ScratchFolders.create("kafka"), 0);
        AtExit.close(kafka);
        return new TestKafka(kafka.bootstrapServers());
    }

    private static TestRedis startRedis() {
        var redis = EmbeddedRedis.start(ScratchFolders.create("redis"), 0);
        AtExit.close(redis);
        return new TestRedis("127.0.0.1", redis.port());
    }

    private static TestMongo startMongo() {
        var mongo = EmbeddedMongo.start(ScratchFolders.create("mongo"), 0, "test");
        AtExit.close(mongo);
        return new TestMongo("127.0.0.1", mongo.port());
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
