package dev.millrace.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.ServerAddress;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonMaximumSizeExceededException;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class RefusalTest {
    private static MongoCommandException command(int code, String... labels) {
        BsonDocument answer = new BsonDocument("ok", new BsonInt32(0));
        answer.put("code", new BsonInt32(code));
        answer.put(
                "errorLabels",
                new BsonArray(List.of(labels).stream().map(BsonString::new).toList()));
        return new MongoCommandException(answer, new ServerAddress());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 22, 10334, 17280})
    void isTheDocuments(int code) {
        assertThat(Refusal.isPossible(command(code))).isTrue();
        assertThat(Refusal.isCertain(command(code))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 18, 91, 189, 10107, 11600, 14031, 64, 50})
    void isTheStores(int code) {
        assertThat(Refusal.isPossible(command(code))).isFalse();
        assertThat(Refusal.isCertain(command(code))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 121, 8000, 987654})
    void isWorthFindingOut(int code) {
        assertThat(Refusal.isPossible(command(code))).isTrue();
        assertThat(Refusal.isCertain(command(code))).isFalse();
    }

    @Test
    void neverBlamesADocumentForTheWayToTheStore() {
        ServerAddress server = new ServerAddress();
        for (RuntimeException failure :
                List.of(
                        new MongoTimeoutException("no server"),
                        new MongoSocketException("gone", server),
                        new MongoSecurityException(
                                MongoCredential.createPlainCredential("u", "d", new char[0]),
                                "no login"),
                        command(8, "RetryableWriteError"))) {
            assertThat(Refusal.isPossible(failure)).isFalse();
            assertThat(Refusal.isCertain(failure)).as(failure.toString()).isFalse();
        }
        var large = new BsonMaximumSizeExceededException("16 MB");
        assertThat(Refusal.isPossible(large)).isTrue();
        assertThat(Refusal.isCertain(large)).isTrue();
        var closed = new IllegalStateException("state should be: open");
        assertThat(Refusal.isCertain(closed)).isFalse();
    }
}
