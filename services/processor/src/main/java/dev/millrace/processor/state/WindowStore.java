package dev.millrace.processor.state;

import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.PackedPieces.Range;
import dev.millrace.pipeline.state.PackedReader;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.processor.counting.Deltas;

import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Live windows in Redis. Each flush moves one partition's counts and position together, in one
 * script, and only from where this instance left them; so whatever fails, counts and position never
 * disagree, and reading on from the position is always right.
 */
public final class WindowStore {
    private static final Script BEGIN = Script.load("begin");
    private static final Script TAKE = Script.load("take");
    private static final Script FLUSH = Script.load("flush");
    private static final Script PURGE = Script.load("purge");
    private static final Script SURVEY = Script.load("survey", "foreign");
    private static final Script DISCARD = Script.load("discard");
    private static final Script SWITCH = Script.load("switch", "foreign");
    private static final Script REPACK = Script.load("repack");
    private static final int PURGED_AT_ONCE = 1_000;

    /** How long what a bucket is packed anew into is kept where that did not come to its end. */
    private static final Duration UNUSED = Duration.ofMinutes(10);

    /** Before the fingerprint of a plan whose state is being made. */
    static final String EMPTYING = "emptying:";

    private static final Logger log = LoggerFactory.getLogger(WindowStore.class);

    private final Supplier<RedisClusterAsyncCommands<byte[], byte[]>> redis;
    private final Answers answers;
    private final String fingerprint;
    private final boolean expires;
    private final Plan plan;
    private final byte[][] keys;
    private final byte[][] purgeKeys;

    /**
     * The store of a pipeline.
     *
     * @param redis gives a connection; may fail while Redis is away
     * @param timeout how long an answer may take
     */
    public WindowStore(
            Plan plan,
            Supplier<RedisClusterAsyncCommands<byte[], byte[]>> redis,
            Duration timeout) {
        this(plan, redis, timeout, () -> {});
    }

    /**
     * The same.
     *
     * @param reconnect closes a connection that does not work any more; {@code redis} then gives a
     *     new one
     */
    public WindowStore(
            Plan plan,
            Supplier<RedisClusterAsyncCommands<byte[], byte[]>> redis,
            Duration timeout,
            Runnable reconnect) {
        StateKeys names = new StateKeys(plan);
        this.redis = redis;
        this.answers = new Answers(timeout, reconnect);
        this.plan = plan;
        this.fingerprint = plan.fingerprint();
        this.expires = plan.clock() == Clock.wall;
        this.keys =
                bytes(
                        names.meta(),
                        names.owners(),
                        names.positions(),
                        names.totals(),
                        names.changes(),
                        names.expiries(),
                        names.recentDeadLetters(),
                        names.losses());
        this.purgeKeys = bytes(names.changes(), names.expiries());
    }

    /**
     * Makes the state that of the plan. When something else was counted before, that is removed,
     * and everything is counted again from the log.
     *
     * @return whether the state is new: nothing is counted yet
     * @throws StoreUnavailableException when Redis does not answer
     */
    public boolean begin() {
        String answer =
                text(
                        await(
                                BEGIN.run(
                                        commands(),
                                        ScriptOutputType.VALUE,
                                        keys,
                                        bytes(fingerprint, newEra()))));
        if (answer.equals("new") || answer.equals("same")) {
            return answer.equals("new");
        }
        if (answer.equals("torn")) {
            log.error(
                    "Redis holds a part of a flush without the rest: its append-only file was cut by a"
                            + " crash. Everything is counted anew from Kafka");
        }
        while (purge("+inf") > 0) {
            // each call removes a bounded number of keys, so that Redis answers others in between
        }
        return begin();
    }

    /**
     * What the database holds.
     *
     * @throws StoreUnavailableException when Redis does not answer
     */
    Survey survey() {
        List<byte[]> answer =
                await(SURVEY.run(commands(), ScriptOutputType.MULTI, keys, new byte[0][]));
        return new Survey(
                text(answer.getFirst()),
                Integer.parseInt(text(answer.get(1))),
                text(answer.get(2)).equals("1"));
    }

    /** Whether a fingerprint is that of the plan, also of one whose state is being made. */
    boolean isOwn(String found) {
        return found.equals(fingerprint) || found.equals(EMPTYING + fingerprint);
    }

    /** Whether Redis may hold as much again as it does; where it does not say, it may. */
    boolean hasRoomForTwice() {
        String memory = await(commands().info("memory"));
        long most = number(memory, "maxmemory");
        return most == 0 || 2 * number(memory, "used_memory") < most;
    }

    private static long number(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .filter(value -> value.chars().allMatch(Character::isDigit))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    /**
     * Lets the live database and the one beside it change places.
     *
     * @return what {@code switch.lua} says
     */
    String switchOver(int liveDatabase, int besideDatabase) {
        return text(
                await(
                        SWITCH.run(
                                commands(),
                                ScriptOutputType.VALUE,
                                keys,
                                bytes(
                                        fingerprint,
                                        Integer.toString(liveDatabase),
                                        Integer.toString(besideDatabase),
                                        newEra()))));
    }

    /** Removes what this plan, or a former one, has left; nothing where another plan counts. */
    void discard() {
        while (text(await(
                        DISCARD.run(commands(), ScriptOutputType.VALUE, keys, bytes(fingerprint))))
                .equals("emptying")) {
            purge("+inf");
        }
    }

    /** All positions in the store. */
    Map<TopicPartition, Position> positions() {
        Map<TopicPartition, Position> positions = new HashMap<>();
        await(commands().hgetall(keys[2]))
                .forEach(
                        (name, position) ->
                                positions.put(
                                        partition(text(name)), Position.parse(text(position))));
        return positions;
    }

    private static TopicPartition partition(String name) {
        int colon = name.lastIndexOf(':');
        return new TopicPartition(
                name.substring(0, colon), Integer.parseInt(name, colon + 1, name.length(), 10));
    }

    /**
     * Removes buckets that no window needs any more, a bounded number of them.
     *
     * @param now milliseconds since 1970 on the pipeline's clock
     * @return whether there may be more of them
     * @throws StoreUnavailableException when Redis does not answer
     */
    public boolean purge(long now) {
        return purge(Long.toString(now / 1_000)) >= PURGED_AT_ONCE;
    }

    private long purge(String until) {
        return await(
                PURGE.<Long>run(
                        commands(),
                        ScriptOutputType.INTEGER,
                        purgeKeys,
                        bytes(until, Integer.toString(PURGED_AT_ONCE))));
    }

    /**
     * Takes partitions over: flushes of any former owner are refused from now on.
     *
     * @return empty where the state is gone and must be begun anew
     * @throws SupersededException when the state belongs to another plan by now
     * @throws StoreUnavailableException when Redis does not answer
     */
    public Optional<Map<TopicPartition, Taken>> take(List<TopicPartition> partitions) {
        byte[][] arguments =
                bytes(
                        Stream.concat(
                                        Stream.of(fingerprint, newEra()),
                                        partitions.stream().map(WindowStore::name))
                                .toArray(String[]::new));
        List<byte[]> answer =
                await(
                        TAKE.run(
                                commands(),
                                ScriptOutputType.MULTI,
                                Arrays.copyOf(keys, 3),
                                arguments));
        if (!text(answer.getFirst()).equals("ok")) {
            if (!isNobodys(text(answer.get(1)))) {
                throw new SupersededException();
            }
            return Optional.empty();
        }
        Map<TopicPartition, Taken> taken = new LinkedHashMap<>();
        for (int i = 0; i < partitions.size(); i++) {
            String position = text(answer.get(2 + 2 * i));
            taken.put(
                    partitions.get(i),
                    new Taken(
                            Long.parseLong(text(answer.get(1 + 2 * i))),
                            position.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(Position.parse(position))));
        }
        return Optional.of(taken);
    }

    /**
     * The positions in the store, for noticing that it has lost something while nothing was
     * flushed.
     *
     * @throws StoreUnavailableException when Redis does not answer
     */
    public Map<TopicPartition, Position> positions(List<TopicPartition> partitions) {
        byte[][] fields =
                partitions.stream()
                        .map(partition -> name(partition).getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new);
        List<KeyValue<byte[], byte[]>> answer = await(commands().hmget(keys[2], fields));
        Map<TopicPartition, Position> positions = new HashMap<>();
        for (int i = 0; i < fields.length; i++) {
            if (answer.get(i).hasValue()) {
                positions.put(partitions.get(i), Position.parse(text(answer.get(i).getValue())));
            }
        }
        return positions;
    }

    /**
     * Moves a partition's counts and position together.
     *
     * @param from where this instance left the position; empty where there was none
     * @param lost how many events were gone from the log before they could be counted
     * @return fails when Redis does not answer in time: whether the flush was applied is not known
     *     then
     */
    public CompletableFuture<FlushOutcome> flush(
            TopicPartition partition,
            long owner,
            Optional<Position> from,
            Position to,
            long lost,
            Deltas deltas) {
        CellArguments arguments = new CellArguments();
        arguments.add(fingerprint);
        arguments.add(name(partition));
        arguments.add(owner);
        arguments.add(from.map(Position::text).orElse(""));
        arguments.add(to.text());
        arguments.add(lost);
        arguments.add(expires ? "1" : "0");
        arguments.add(StateKeys.RECENT_DEAD_LETTERS);
        arguments.add(1 + deltas.rejected().size());
        arguments.add("valid");
        arguments.add(deltas.valid());
        deltas.rejected()
                .forEach(
                        (cause, count) -> {
                            arguments.add("rejected:" + cause);
                            arguments.add(count);
                        });
        arguments.add(deltas.deadLetters().size());
        new ArrayList<>(deltas.deadLetters()).reversed().forEach(arguments::add);
        arguments.add(deltas.cells().size());
        deltas.writeTo(arguments);
        CompletionStage<List<byte[]>> answer =
                FLUSH.run(commands(), ScriptOutputType.MULTI, keys, arguments.toArray());
        return answers.inTime(answer).thenApply(this::outcome);
    }

    /** Whether no state of another plan is there, nor is made. */
    private boolean isNobodys(String found) {
        return found.isEmpty() || found.equals(EMPTYING) || found.equals(EMPTYING + fingerprint);
    }

    private FlushOutcome outcome(List<byte[]> answer) {
        String what = text(answer.getFirst());
        String value = text(answer.get(1));
        return switch (what) {
            case "ok" -> new FlushOutcome.Applied(Integer.parseInt(value), packed(answer));
            case "fingerprint" ->
                    isNobodys(value) ? new FlushOutcome.Gone() : new FlushOutcome.Superseded();
            case "torn" -> new FlushOutcome.Torn();
            default -> new FlushOutcome.Refused(what + " is \"" + value + "\"");
        };
    }

    private static Map<String, Long> packed(List<byte[]> answer) {
        if (answer.size() == 2) {
            return Map.of();
        }
        Map<String, Long> packed = new HashMap<>();
        for (int i = 2; i < answer.size(); i += 2) {
            packed.put(text(answer.get(i)), Long.parseLong(text(answer.get(i + 1))));
        }
        return packed;
    }

    /** The metric that a bucket is of. */
    MeasurePlan metric(String bucket) {
        return plan.measures()
                .filter(any -> bucket.startsWith(any.name() + ":"))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Packs a bucket's packed part anew, so that no group or value is in it more than once.
     *
     * @return how many bytes it has now; 0 where it was not as it was read when the new one came
     * @throws StoreUnavailableException when Redis does not answer
     */
    public long repack(String bucket) {
        MeasurePlan metric = metric(bucket);
        byte[] era = await(commands().hget(keys[0], "era".getBytes(StandardCharsets.UTF_8)));
        byte[] key = StateKeys.packed(bucket).getBytes(StandardCharsets.UTF_8);
        Range<StoreUnavailableException> range =
                (first, last) -> await(commands().getrange(key, first, last));
        PackedEntries entries = PackedEntries.of(metric);
        PackedCopy copy = PackedCopy.of(range, entries);
        if (era == null || copy.isEmpty()) {
            return 0;
        }
        byte[] made =
                StateKeys.repacked(bucket, UUID.randomUUID()).getBytes(StandardCharsets.UTF_8);
        try {
            long size = write(made, entries, metric.maxGroups());
            return await(
                    REPACK.<Long>run(
                            commands(),
                            ScriptOutputType.INTEGER,
                            new byte[][] {keys[0], key, made, purgeKeys[1]},
                            fingerprint.getBytes(StandardCharsets.UTF_8),
                            era,
                            copy.head(),
                            Long.toString(copy.length()).getBytes(StandardCharsets.UTF_8),
                            copy.end(),
                            Long.toString(size).getBytes(StandardCharsets.UTF_8)));
        } catch (StoreUnavailableException e) {
            forget(made);
            throw e;
        }
    }

    /**
     * Writes entries in pieces, behind room for a head, to a key of its own that is gone by itself
     * when nothing comes of it.
     *
     * @return how many bytes it has
     */
    private long write(byte[] key, PackedEntries entries, int most) {
        await(commands().zadd(purgeKeys[1], Double.POSITIVE_INFINITY, expiryOf(key)));
        await(commands().setex(key, UNUSED.toSeconds(), new byte[PackedReader.HEAD]));
        long[] size = {PackedReader.HEAD};
        entries.write(
                most,
                piece -> {
                    long length = await(commands().append(key, piece));
                    size[0] += piece.length;
                    if (length != size[0]) {
                        throw new StoreUnavailableException(
                                new IllegalStateException(text(key) + " has expired"));
                    }
                });
        return size[0];
    }

    /** Removes what was written in vain, if that can be done now; it is gone later by itself. */
    private void forget(byte[] key) {
        commands().unlink(key);
        commands().zrem(purgeKeys[1], expiryOf(key));
    }

    private static byte[] expiryOf(byte[] key) {
        return ("b" + text(key)).getBytes(StandardCharsets.UTF_8);
    }

    private RedisClusterAsyncCommands<byte[], byte[]> commands() {
        try {
            return redis.get();
        } catch (RuntimeException e) {
            throw new StoreUnavailableException(e);
        }
    }

    private <T> T await(CompletionStage<T> answer) {
        return answers.await(answer);
    }

    private static String newEra() {
        return UUID.randomUUID().toString();
    }

    private static String name(TopicPartition partition) {
        return partition.topic() + ":" + partition.partition();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[][] bytes(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }
}
