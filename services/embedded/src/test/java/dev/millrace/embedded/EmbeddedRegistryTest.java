package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What goes wrong when a registry starts; the pipelines' own tests start a real one. */
class EmbeddedRegistryTest {
    @Test
    void aFolderWithoutTheProgramIsNamed(@TempDir Path folder) {
        assertThatThrownBy(
                        () ->
                                EmbeddedRegistry.start(
                                        folder.resolve("data"), 0, folder.resolve("nothing")))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("The schema registry ended while starting")
                .hasMessageContaining("nothing/" + EmbeddedRegistry.PROGRAM);
    }

    @Test
    void itsAddressIsThatOfConfluentsProtocol() {
        assertThat(EmbeddedRegistry.url(7)).isEqualTo("http://127.0.0.1:7/apis/ccompat/v7");
    }
}
