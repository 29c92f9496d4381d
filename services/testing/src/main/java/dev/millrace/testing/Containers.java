package dev.millrace.testing;

import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The test servers as containers; loaded only when there is an engine to run them. */
final class Containers {

    static final String KAFKA = "apache/kafka:4.2.1";
    static final String REDIS = "redis:8";
    static final String MONGO = "mongo:8";

    private static final int REDIS_PORT = 6379;
    private static final int MONGO_PORT = 27017;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PULL = Duration.ofMinutes(3);

    private Containers() {}

    static TestKafka kafka() {
        provide(KAFKA);
        var kafka =
                new KafkaContainer(DockerImageName.parse(KAFKA))
                        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        start(kafka);
        return new TestKafka(kafka.getBootstrapServers());
    }

    static TestRedis redis() {
        var redis = server(REDIS, REDIS_PORT, ".*Ready to accept connections.*");
        redis.withCommand(
                "redis-server", "--appendonly", "yes", "--hash-max-listpack-entries", "32");
        start(redis);
        return new TestRedis(redis.getHost(), redis.getMappedPort(REDIS_PORT));
    }

    static TestMongo mongo() {
        var mongo = server(MONGO, MONGO_PORT, "(?i).*waiting for connections.*");
        start(mongo);
        return new TestMongo(mongo.getHost(), mongo.getMappedPort(MONGO_PORT));
    }

    private static GenericContainer<?> server(String image, int port, String ready) {
        provide(image);
        return new GenericContainer<>(DockerImageName.parse(image))
                .withExposedPorts(port)
                .waitingFor(Wait.forLogMessage(ready, 1).withStartupTimeout(START));
    }

    private static void start(GenericContainer<?> container) {
        container.withImagePullPolicy(_ -> false);
        container.start();
        AtExit.close(container::stop);
    }

    /** Pulls an image that is not there, once: Testcontainers would try for minutes. */
    private static void provide(String image) {
        var docker = DockerClientFactory.instance().client();
        try {
            docker.inspectImageCmd(image).exec();
        } catch (NotFoundException _) {
            pull(image);
        }
    }

    private static void pull(String image) {
        var name = DockerImageName.parse(image);
        try {
            var pulled =
                    DockerClientFactory.instance()
                            .client()
                            .pullImageCmd(name.getUnversionedPart())
                            .withTag(name.getVersionPart())
                            .exec(new PullImageResultCallback())
                            .awaitCompletion(PULL.toSeconds(), TimeUnit.SECONDS);
            if (!pulled) {
                throw new IllegalStateException(
                        "pulling %s took more than %d s".formatted(image, PULL.toSeconds()));
            }
        } catch (DockerException e) {
            throw new IllegalStateException("%s cannot be pulled".formatted(image), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while pulling %s".formatted(image), e);
        }
    }
}
