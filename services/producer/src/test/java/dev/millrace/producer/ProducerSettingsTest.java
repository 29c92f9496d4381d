package dev.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import java.util.Map;

class ProducerSettingsTest {
    @Test
    void defaultsFitTheHeap() {
        ProducerSettings settings = bind(Map.of());
        assertThat(settings.maxBody().toMegabytes()).isEqualTo(16);
        assertThat(settings.maxInFlight().toMegabytes()).isBetween(32L, 64L);
        assertThat(settings.buffer().toMegabytes()).isBetween(4L, 32L);
    }

    @Test
    void impossibleSettingsAreRefused() {
        assertThatThrownBy(() -> bind(Map.of("millrace.producer.max-in-flight", "20MB")))
                .rootCause()
                .hasMessageContaining("max-in-flight")
                .hasMessageContaining("twice max-body");
        assertThatThrownBy(() -> bind(Map.of("millrace.producer.max-events", "0")))
                .rootCause()
                .hasMessageContaining("choose at least 1");
    }

    private static ProducerSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("millrace.producer", ProducerSettings.class);
    }
}
