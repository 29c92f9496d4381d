package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.KeyValue;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

import java.nio.ByteBuffer;
import java.util.ArrayList;

/** The key of an index: the values of one or several fields. */
final class KeyValueType extends BasicDataType<KeyValue> {

    static final KeyValueType INSTANCE = new KeyValueType();

    private KeyValueType() {}

    @Override
    public int compare(KeyValue a, KeyValue b) {
        var order = Integer.compare(a.size(), b.size());
        for (var i = 0; order == 0 && i < a.size(); i++) {
            order = BsonType.INSTANCE.compare(a.get(i), b.get(i));
        }
        return order;
    }

    @Override
    public int getMemory(KeyValue key) {
        return key.stream().mapToInt(BsonType.INSTANCE::getMemory).sum();
    }

    @Override
    public void write(WriteBuffer out, KeyValue key) {
        out.putVarInt(key.size());
        key.forEach(value -> BsonType.INSTANCE.write(out, value));
    }

    @Override
    public KeyValue read(ByteBuffer in) {
        var size = DataUtils.readVarInt(in);
        var values = new ArrayList<>(size);
        for (var i = 0; i < size; i++) {
            values.add(BsonType.INSTANCE.read(in));
        }
        return new KeyValue(values);
    }

    @Override
    public KeyValue[] createStorage(int size) {
        return new KeyValue[size];
    }
}
