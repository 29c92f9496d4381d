package dev.millrace.audit.store;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoWriteException;

import org.bson.BSONException;

import java.util.Set;

/** Tells a document's own fault from one of the store, by MongoDB's error codes. */
final class Refusal {
    static final int DUPLICATE = 11000;

    /** A validator of the collection: somebody made it, and can change it. */
    static final int VALIDATION = 121;

    /**
     * Faults that no other document would have: bad value, failed to parse, type mismatch,
     * overflow, invalid length, invalid BSON, names and ids that cannot be, too large, keys that an
     * index cannot hold.
     */
    private static final Set<Integer> OF_DOCUMENT =
            Set.of(
                    2, 9, 14, 15, 16, 22, 52, 53, 54, 55, 56, 57, 66, 171, 10334, 16755, 17280,
                    17419, 17420);

    /**
     * Faults that any document would have: no right, no login, no primary, shutting down,
     * interrupted, out of time or space, locked, a write that conflicts, a write concern not met.
     */
    private static final Set<Integer> OF_STORE =
            Set.of(
                    6, 7, 11, 13, 18, 24, 33, 46, 50, 63, 64, 79, 89, 91, 96, 100, 112, 133, 134,
                    150, 189, 202, 262, 279, 317, 9001, 10058, 10107, 11600, 11601, 11602, 13388,
                    13435, 13436, 14031);

    private Refusal() {}

    /** Whether a document alone is at fault beyond doubt. */
    static boolean isCertain(int code) {
        return OF_DOCUMENT.contains(code);
    }

    /** Whether the fault may lie in a document: it is worth finding out in which. */
    static boolean isPossible(int code) {
        return !OF_STORE.contains(code);
    }

    /** Whether the fault may lie in one of the documents that were to be written. */
    static boolean isPossible(RuntimeException failure) {
        return switch (failure) {
            case MongoBulkWriteException e -> false;
            case MongoNotPrimaryException e -> false;
            case MongoWriteException e -> isPossible(e.getCode());
            case MongoCommandException e ->
                    isPossible(e.getErrorCode())
                            && !e.hasErrorLabel("RetryableWriteError")
                            && !e.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL);
            case MongoException e -> false;
            default -> true;
        };
    }

    /** Whether the fault lies in the one document that was to be written, beyond doubt. */
    static boolean isCertain(RuntimeException failure) {
        return switch (failure) {
            case MongoWriteException e -> isCertain(e.getCode());
            case MongoCommandException e -> isCertain(e.getErrorCode());
            case MongoException e -> false;
            case BSONException e -> true;
            default -> false;
        };
    }
}
