package dev.millrace.enricher.table;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.plan.TablePlan.Format;
import dev.millrace.pipeline.resource.FieldType;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a file: CSV with a header, whose columns are found by their names, or a JSON object
 * on each line. Empty cells are missing fields. Rows that cannot be read are told and left out; of
 * rows with the same key the last one counts.
 */
final class RowFile {
    private static final Logger log = LoggerFactory.getLogger(RowFile.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final CSVFormat CSV =
            CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setIgnoreEmptyLines(true)
                    .setAllowMissingColumnNames(true)
                    .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                    .get();
    private static final int TOLD = 10;

    private final TablePlan table;
    private final Path file;
    private final int limit;
    private final RowCodec codec;
    private final Map<String, byte[]> rows = new LinkedHashMap<>();
    private long unreadable;
    private long repeated;

    private RowFile(TablePlan table, Path file, int limit) {
        this.table = table;
        this.file = file;
        this.limit = limit;
        this.codec = new RowCodec(table);
    }

    /**
     * Reads a file.
     *
     * @return JSON by the text of the key, in the order of the file
     * @throws TableFileException where it cannot be used, with what to do
     * @throws TooManyRowsException where it has more rows than the limit
     */
    static Map<String, byte[]> read(TablePlan table, Path file, Format format, int limit) {
        RowFile reading = new RowFile(table, file, limit);
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            skipByteOrderMark(in);
            if (format == Format.CSV) {
                reading.readCsv(in);
            } else {
                reading.readLines(in);
            }
        } catch (NoSuchFileException e) {
            throw reading.unusable("there is no such file; put it beside the manifest");
        } catch (MalformedInputException e) {
            throw reading.unusable("it is no UTF-8 text; save it as UTF-8");
        } catch (IOException | UncheckedIOException e) {
            throw reading.unusable("it cannot be read: " + e.getMessage());
        }
        return reading.finish();
    }

    private static void skipByteOrderMark(BufferedReader in) throws IOException {
        in.mark(1);
        if (in.read() != '\ufeff') {
            in.reset();
        }
    }

    private void readCsv(BufferedReader in) throws IOException {
        try (CSVParser parser = CSV.parse(in)) {
            List<String> header = parser.getHeaderNames();
            List<FieldPlan> columns = new ArrayList<>();
            for (FieldPlan field : table.schema().fields()) {
                if (header.contains(field.name())) {
                    columns.add(field);
                } else if (field.required()) {
                    throw unusable(
                            "its header has no column \""
                                    + field.name()
                                    + "\", only "
                                    + String.join(", ", header)
                                    + "; name the columns in the first line, or make the field optional");
                }
            }
            for (CSVRecord line : parser) {
                take(line.getRecordNumber() + 1, "row", json(line, columns));
            }
        } catch (IllegalArgumentException e) {
            throw unusable("its header cannot be used: " + e.getMessage());
        }
    }

    private static byte[] json(CSVRecord line, List<FieldPlan> columns) {
        ObjectNode row = JSON.createObjectNode();
        for (FieldPlan field : columns) {
            String cell = line.isSet(field.name()) ? line.get(field.name()) : "";
            if (!cell.isEmpty()) {
                ObjectNode holder = row;
                for (String name : field.path().subList(0, field.path().size() - 1)) {
                    holder = holder.withObjectProperty(name);
                }
                put(holder, field.path().getLast(), field.type(), cell);
            }
        }
        return JSON.writeValueAsBytes(row);
    }

    /** What is no number stays a text, so that the same message tells of it as of an event. */
    private static void put(ObjectNode holder, String name, FieldType type, String cell) {
        String bare = cell.strip();
        try {
            switch (type) {
                case integer, number -> holder.put(name, new BigDecimal(bare));
                case bool -> {
                    if (bare.equalsIgnoreCase("true") || bare.equalsIgnoreCase("false")) {
                        holder.put(name, Boolean.parseBoolean(bare));
                    } else {
                        holder.put(name, cell);
                    }
                }
                case object, array -> holder.set(name, JSON.readTree(bare));
                case string -> holder.put(name, cell);
                case timestamp -> holder.put(name, bare);
            }
        } catch (NumberFormatException | JacksonException e) {
            holder.put(name, cell);
        }
    }

    private void readLines(BufferedReader in) throws IOException {
        String line;
        for (long number = 1; (line = in.readLine()) != null; number++) {
            if (!line.isBlank()) {
                take(number, "line", line.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void take(long number, String unit, byte[] json) {
        try {
            Object[] row = codec.read(json);
            if (rows.put(codec.key(row), codec.write(row)) != null) {
                repeated++;
            }
        } catch (UnreadableRowException | JacksonException e) {
            if (++unreadable <= TOLD) {
                log.warn("{}, {} {}, is left out: {}", file, unit, number, e.getMessage());
            }
        }
        if (rows.size() > limit) {
            throw new TooManyRowsException(table.name(), limit);
        }
    }

    private Map<String, byte[]> finish() {
        if (unreadable > TOLD) {
            log.warn("{}: {} rows are left out, the first {} were told", file, unreadable, TOLD);
        }
        if (repeated > 0) {
            log.warn(
                    "{}: {} rows have a key that an earlier row has too; the last of each counts",
                    file,
                    repeated);
        }
        if (rows.isEmpty() && unreadable > 0) {
            throw unusable("none of its " + unreadable + " rows can be read; the log tells why");
        }
        return rows;
    }

    private TableFileException unusable(String why) {
        return new TableFileException(
                "The table " + table.name() + " cannot be loaded from " + file + ": " + why);
    }
}
