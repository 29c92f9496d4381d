package dev.millrace.testing;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;

/** The test servers started by this JVM, in folders that are deleted at its end. */
final class EmbeddedServers {

    private EmbeddedServers() {}

    static TestKafka kafka() {
        var kafka = EmbeddedKafka.start(ScratchFolders.create("kafka"), 0);
        AtExit.close(kafka);
        return new TestKafka(kafka.bootstrapServers());
    }

    static TestRedis redis() {
        var redis = EmbeddedRedis.start(ScratchFolders.create("redis"), 0);
        AtExit.close(redis);
        return new TestRedis("127.0.0.1", redis.port());
    }

    static TestMongo mongo() {
        var mongo = EmbeddedMongo.start(ScratchFolders.create("mongo"), 0, "test");
        AtExit.close(mongo);
        return new TestMongo("127.0.0.1", mongo.port());
    }
}
