package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;

class FreePortsTest {

    @Test
    void areDifferentAndFree() {
        var ports = new ArrayList<>(FreePorts.several(50));
        ports.addAll(FreePorts.several(50));
        ports.add(FreePorts.one());
        assertThat(ports).hasSize(101).doesNotHaveDuplicates().allMatch(FreePorts::isFree);
    }

    @Test
    void seesAListener() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(FreePorts.isFree(other.getLocalPort())).isFalse();
        }
    }

    @Test
    void saysThatThereAreTooFew() {
        assertThatThrownBy(() -> FreePorts.several(100_000))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("instead of 100000");
    }

    @Test
    void refusesWhatIsNoPort() {
        assertThatThrownBy(() -> FreePorts.require("Kafka", 70_000))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("from 1 to 65535");
    }
}
