package dev.millrace.bench.audit;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;

import org.bson.RawBsonDocument;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes documents, one batch after the other, each acknowledged as those of the audit are: what a
 * store takes when there is nothing to read, decode or check. Arguments: {@code URI DATABASE
 * DOCUMENTS BATCH}. Prints {@code written} and their number, and waits to be ended.
 */
final class BareWriter {
    private static final InsertManyOptions UNORDERED = new InsertManyOptions().ordered(false);

    private BareWriter() {}

    static void main(String[] args) throws IOException, InterruptedException {
        int most = Integer.parseInt(args[3]);
        long written = 0;
        try (var client = MongoClients.create(args[0]);
                var documents =
                        new DataInputStream(
                                new BufferedInputStream(
                                        Files.newInputStream(Path.of(args[2])), 1 << 20))) {
            MongoCollection<RawBsonDocument> events =
                    client.getDatabase(args[1])
                            .getCollection(Recorded.COLLECTION, RawBsonDocument.class)
                            .withWriteConcern(WriteConcern.MAJORITY);
            List<RawBsonDocument> batch = new ArrayList<>(most);
            RawBsonDocument document;
            while ((document = next(documents)) != null) {
                batch.add(document);
                if (batch.size() == most) {
                    written += write(events, batch);
                }
            }
            if (!batch.isEmpty()) {
                written += write(events, batch);
            }
        }
        System.out.println("written " + written);
        // its processor time and memory are still to be read
        Thread.sleep(Long.MAX_VALUE);
    }

    private static int write(MongoCollection<RawBsonDocument> events, List<RawBsonDocument> batch) {
        events.insertMany(batch, UNORDERED);
        int written = batch.size();
        batch.clear();
        return written;
    }

    private static RawBsonDocument next(DataInputStream documents) throws IOException {
        byte[] length = documents.readNBytes(Integer.BYTES);
        if (length.length < Integer.BYTES) {
            return null;
        }
        int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] bytes = new byte[size];
        System.arraycopy(length, 0, bytes, 0, Integer.BYTES);
        documents.readFully(bytes, Integer.BYTES, size - Integer.BYTES);
        return new RawBsonDocument(bytes);
    }
}
