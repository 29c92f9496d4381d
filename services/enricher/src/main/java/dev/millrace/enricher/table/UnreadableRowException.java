package dev.millrace.enricher.table;

/** That bytes are no row of a table. */
final class UnreadableRowException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableRowException(String reason) {
        super(reason, null, false, false);
    }
}
