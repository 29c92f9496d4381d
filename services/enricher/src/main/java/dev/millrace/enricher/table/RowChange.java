package dev.millrace.enricher.table;

/** What a record of a table's topic means. */
public sealed interface RowChange {
    /**
     * A row is as follows from now on.
     *
     * @param key the text of its key
     * @param row its values by the indexes of the table's fields
     */
    record Put(String key, Object[] row) implements RowChange {}

    /** There is no such row any more. */
    record Delete(String key) implements RowChange {}

    /**
     * It cannot be read.
     *
     * @param key the row that it was to be; {@code null} where not even that is known
     * @param reason what is wrong, for a person
     */
    record Unreadable(String key, String reason) implements RowChange {}
}
