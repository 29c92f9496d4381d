package dev.millrace.embedded.documents;

import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Orders keys by their values, in MongoDB's order, and those of the same values by position. */
final class OrderedKeyType extends BasicDataType<OrderedKey> {

    private static final int KEY_BYTES = 64;

    private final int fields;

    /**
     * Keys with so many values.
     *
     * @param fields at least 1
     */
    OrderedKeyType(int fields) {
        this.fields = fields;
    }

    @Override
    public int compare(OrderedKey a, OrderedKey b) {
        var common = Math.min(a.values().size(), b.values().size());
        for (var i = 0; i < common; i++) {
            var order = SortValue.compare(a.values().get(i), b.values().get(i));
            if (order != 0) {
                return order;
            }
        }
        var side = Integer.compare(side(a), side(b));
        return side != 0 || a.position() instanceof OrderedKey.Bound
                ? side
                : BsonType.INSTANCE.compare(a.position(), b.position());
    }

    private static int side(OrderedKey key) {
        return key.position() instanceof OrderedKey.Bound bound
                ? bound == OrderedKey.Bound.BEFORE ? -1 : 1
                : 0;
    }

    @Override
    public int getMemory(OrderedKey key) {
        var bytes = KEY_BYTES + BsonType.INSTANCE.getMemory(key.position());
        for (var value : key.values()) {
            bytes += SortValue.memory(value);
        }
        return bytes;
    }

    @Override
    public void write(WriteBuffer out, OrderedKey key) {
        for (var value : key.values()) {
            SortValue.write(out, value);
        }
        BsonType.INSTANCE.write(out, key.position());
    }

    @Override
    public OrderedKey read(ByteBuffer in) {
        if (fields == 1) {
            return new OrderedKey(List.of(SortValue.read(in)), BsonType.INSTANCE.read(in));
        }
        var values = new Object[fields];
        Arrays.setAll(values, any -> SortValue.read(in));
        return new OrderedKey(Arrays.asList(values), BsonType.INSTANCE.read(in));
    }

    @Override
    public OrderedKey[] createStorage(int size) {
        return new OrderedKey[size];
    }
}
