package io.visitorcounter.core.redis;

import io.lettuce.core.codec.RedisCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys and values as UTF-8. Lettuce's own string codec fills and copies a pooled buffer for every argument of a
 *  command; this one passes an array. */
final class Utf8 implements RedisCodec<String, String> {

    static final Utf8 CODEC = new Utf8();

    private Utf8() {}

    @Override
    public String decodeKey(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public String decodeValue(ByteBuffer bytes) {
        return decodeKey(bytes);
    }

    @Override
    public ByteBuffer encodeKey(String key) {
        return ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ByteBuffer encodeValue(String value) {
        return encodeKey(value);
    }
}
