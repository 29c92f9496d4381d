package dev.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class TestServersTest {

    @Test
    void sharesOneKafka() throws Exception {
        var kafka = TestServers.kafka();
        assertThat(TestServers.kafka()).isSameAs(kafka);
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get(60, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    @Test
    void sharesOneRedis() throws Exception {
        var redis = TestServers.redis();
        assertThat(TestServers.redis()).isSameAs(redis);
        try (var socket = new Socket(redis.host(), redis.port())) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            var answers = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            assertThat(answers.readLine()).isEqualTo("+PONG");
        }
    }

    @Test
    void sharesOneMongo() throws Exception {
        var mongo = TestServers.mongo();
        assertThat(TestServers.mongo()).isSameAs(mongo);
        assertThat(mongo.uri("audit"))
                .isEqualTo("mongodb://%s:%d/audit".formatted(mongo.host(), mongo.port()));
        try (var socket = new Socket(mongo.host(), mongo.port())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }
}
