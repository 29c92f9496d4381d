package dev.millrace.embedded.documents;

import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

import java.nio.ByteBuffer;

/** The value of a map that is a set of keys: always {@code true}, and of no bytes. */
final class PresentType extends BasicDataType<Boolean> {

    static final PresentType INSTANCE = new PresentType();

    private PresentType() {}

    @Override
    public int compare(Boolean a, Boolean b) {
        return 0;
    }

    @Override
    public int getMemory(Boolean value) {
        return 0;
    }

    @Override
    public void write(WriteBuffer out, Boolean value) {}

    @Override
    public Boolean read(ByteBuffer in) {
        return true;
    }

    @Override
    public Boolean[] createStorage(int size) {
        return new Boolean[size];
    }
}
