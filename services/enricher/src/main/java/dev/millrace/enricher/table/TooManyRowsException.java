package dev.millrace.enricher.table;

/** That a table has more rows than memory is meant for. */
public final class TooManyRowsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyRowsException(String table, int limit) {
        super(
                "The table "
                        + table
                        + " has more than "
                        + limit
                        + " rows; raise millrace.enricher.table-rows, and the memory with it");
    }
}
