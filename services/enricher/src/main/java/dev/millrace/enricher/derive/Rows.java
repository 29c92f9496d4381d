package dev.millrace.enricher.derive;

/** The rows of a table, as they are now. */
@FunctionalInterface
public interface Rows {
    /**
     * The values of a row by the indexes of the table's fields.
     *
     * @param key the text of its key
     * @return {@code null} where there is none; not to be changed
     */
    Object[] row(String key);
}
