package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

class FreePortsTest {

    @Test
    void areDifferentAndFree() {
        assertThat(FreePorts.several(5))
                .hasSize(5)
                .doesNotHaveDuplicates()
                .allMatch(FreePorts::isFree);
    }

    @Test
    void seesAListener() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(FreePorts.isFree(other.getLocalPort())).isFalse();
        }
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThatThrownBy(() -> FreePorts.require("Kafka", 70_000))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("from 1 to 65535");
    }
}
