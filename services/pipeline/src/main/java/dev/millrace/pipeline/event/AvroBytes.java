package dev.millrace.pipeline.event;

import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the parts of Avro's binary encoding from an event's bytes. Whatever the bytes are, it reads
 * no further than their end, takes no more memory than they do, and goes through no more elements
 * than an event may have bytes. For one thread.
 */
final class AvroBytes extends Decoder {
    private static final int LONGEST = 10;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int elements;

    AvroBytes(byte[] bytes, int from) {
        this.bytes = bytes;
        this.end = bytes.length;
        this.at = from;
    }

    /** How many bytes are left. */
    int left() {
        return end - at;
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() {
        return switch (next()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new MalformedAvroException("a boolean is neither 0 nor 1");
        };
    }

    private byte next() {
        if (at >= end) {
            throw cutOff();
        }
        return bytes[at++];
    }

    private static MalformedAvroException cutOff() {
        return new MalformedAvroException("cut off, or of another schema");
    }

    @Override
    public int readInt() {
        long number = readLong();
        if (number != (int) number) {
            throw new MalformedAvroException("an int has more than 32 bits");
        }
        return (int) number;
    }

    @Override
    public long readLong() {
        long number = 0;
        for (int i = 0; i < LONGEST; i++) {
            byte part = next();
            number |= (part & 0x7fL) << (7 * i);
            if (part >= 0) {
                if (i == LONGEST - 1 && part > 1) {
                    break;
                }
                return number >>> 1 ^ -(number & 1);
            }
        }
        throw new MalformedAvroException("a number has more than 64 bits");
    }

    @Override
    public float readFloat() {
        return Float.intBitsToFloat((int) word(Float.BYTES));
    }

    @Override
    public double readDouble() {
        return Double.longBitsToDouble(word(Double.BYTES));
    }

    private long word(int length) {
        int from = take(length);
        return length == Long.BYTES ? Words.at(bytes, from) : Words.at(bytes, from, length);
    }

    /** Moves behind some bytes, and returns where they begin. */
    private int take(long length) {
        if (length < 0) {
            throw new MalformedAvroException("a length is below 0");
        }
        if (length > end - at) {
            throw cutOff();
        }
        int from = at;
        at += (int) length;
        return from;
    }

    @Override
    public String readString() {
        int from = take(readLong());
        int length = at - from;
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0 && !isUtf8(ByteBuffer.wrap(bytes, from, length))) {
            throw new MalformedAvroException("a string is not UTF-8");
        }
        return text;
    }

    static boolean isUtf8(ByteBuffer text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(text.duplicate());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public Utf8 readString(Utf8 old) {
        return new Utf8(readString());
    }

    @Override
    public void skipString() {
        skipBytes();
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) {
        int from = take(readLong());
        return ByteBuffer.wrap(bytes, from, at - from);
    }

    @Override
    public void skipBytes() {
        take(readLong());
    }

    @Override
    public void readFixed(byte[] to, int start, int length) {
        System.arraycopy(bytes, take(length), to, start, length);
    }

    @Override
    public void skipFixed(int length) {
        take(length);
    }

    @Override
    public int readEnum() {
        return readInt();
    }

    @Override
    public int readIndex() {
        return readInt();
    }

    @Override
    public long readArrayStart() {
        return block();
    }

    @Override
    public long arrayNext() {
        return block();
    }

    @Override
    public long skipArray() {
        return skipBlocks();
    }

    @Override
    public long readMapStart() {
        return block();
    }

    @Override
    public long mapNext() {
        return block();
    }

    @Override
    public long skipMap() {
        return skipBlocks();
    }

    /** How many elements follow: elements may be without bytes, so that only this bounds them. */
    private long block() {
        long count = readLong();
        if (count < 0) {
            // the block's length in bytes, for those who skip it
            readLong();
            count = -count;
        }
        return counted(count);
    }

    private long counted(long count) {
        if (count < 0 || count > EventLimits.BYTES - elements) {
            throw new MalformedAvroException(
                    "arrays and maps have more than " + EventLimits.BYTES + " elements");
        }
        elements += (int) count;
        return count;
    }

    private long skipBlocks() {
        long count;
        while ((count = readLong()) < 0) {
            take(readLong());
        }
        return counted(count);
    }
}
