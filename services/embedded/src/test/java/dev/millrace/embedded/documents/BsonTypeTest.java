package dev.millrace.embedded.documents;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.Document;

import org.h2.mvstore.WriteBuffer;
import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicBoolean;

class BsonTypeTest {
    @Test
    void aDocumentThatIsBeingChangedIsWrittenAllTheSame() throws InterruptedException {
        Document document = new Document();
        for (int i = 0; i < 50; i++) {
            document.put("field" + i, i);
        }
        AtomicBoolean done = new AtomicBoolean();
        Thread changing =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    for (int i = 0; !done.get(); i++) {
                                        document.put("more", i);
                                        document.remove("more");
                                    }
                                });
        try {
            for (int i = 0; i < 2_000; i++) {
                WriteBuffer out = new WriteBuffer();
                BsonType.INSTANCE.write(out, document);
                Document read = (Document) BsonType.INSTANCE.read(out.getBuffer().flip());
                assertThat(read.get("field49")).isEqualTo(49);
            }
        } finally {
            done.set(true);
            changing.join();
        }
    }
}
