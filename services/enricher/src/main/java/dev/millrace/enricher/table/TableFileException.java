package dev.millrace.enricher.table;

/** That a table's file cannot be used as it is. */
public final class TableFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TableFileException(String message) {
        super(message);
    }
}
