package dev.millrace.producer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ServletInputStream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockHttpServletRequest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

class RequestBodyTest {
    private static final int LIMIT = 1 << 20;

    private final RequestBody bodies = new RequestBody(LIMIT, Duration.ofSeconds(30));
    private final Budget budget = new Budget(8 * LIMIT);

    @Test
    void bodiesAreReadWhole() {
        for (int size : new int[] {1, 100, 65_535, 65_536, 65_537, 500_000, LIMIT}) {
            byte[] content = random(size);
            assertThat(read(request(content))).isEqualTo(content);
            assertThat(read(chunked(content))).isEqualTo(content);
        }
        assertThat(budget.taken()).isZero();
    }

    @Test
    void bodiesBeyondTheLimitAreRefused() {
        refused(HttpStatus.CONTENT_TOO_LARGE, () -> read(request(new byte[LIMIT + 1])));
        refused(HttpStatus.CONTENT_TOO_LARGE, () -> read(chunked(new byte[LIMIT + 1])));
        assertThat(budget.taken()).isZero();
    }

    @Test
    void gzipIsUnpacked() throws IOException {
        byte[] content = random(300_000);
        assertThat(read(encoded("gzip", gzip(content)))).isEqualTo(content);
        assertThat(read(encoded("X-GZIP", gzip(content)))).isEqualTo(content);
        assertThat(read(encoded("identity", content))).isEqualTo(content);
        assertThat(read(encoded("gzip", gzip(new byte[LIMIT])))).hasSize(LIMIT);
    }

    @Test
    void gzipBombsAreRefusedBeforeTheyAreLarge() throws IOException {
        byte[] bomb = gzip(new byte[200 << 20]);
        assertThat(bomb.length).isLessThan(LIMIT);
        var small = new Budget(2 * LIMIT);
        refused(
                HttpStatus.CONTENT_TOO_LARGE,
                () -> {
                    try (var share = small.share()) {
                        bodies.read(encoded("gzip", bomb), share);
                    }
                });
        assertThat(small.taken()).isZero();
    }

    @Test
    void brokenGzipIsRefused() throws IOException {
        byte[] packed = gzip(random(10_000));
        refused(HttpStatus.BAD_REQUEST, () -> read(encoded("gzip", new byte[] {1, 2, 3})));
        refused(
                HttpStatus.BAD_REQUEST,
                () -> read(encoded("gzip", Arrays.copyOf(packed, packed.length - 9))));
        refused(HttpStatus.BAD_REQUEST, () -> read(encoded("gzip", gzip(new byte[0]))));
    }

    @Test
    void otherEncodingsAndEmptyBodiesAreRefused() {
        refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, () -> read(encoded("br", new byte[1])));
        refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, () -> read(encoded("gzip, gzip", new byte[1])));
        refused(HttpStatus.BAD_REQUEST, () -> read(request(new byte[0])));
        refused(HttpStatus.BAD_REQUEST, () -> read(chunked(new byte[0])));
    }

    @Test
    void requestsBeyondTheBudgetAreRefusedAndGiveBackWhatTheyTook() {
        var small = new Budget(200_000);
        try (var first = small.share()) {
            bodies.read(request(new byte[60_000]), first);
            refused(
                    HttpStatus.TOO_MANY_REQUESTS,
                    () -> {
                        try (var second = small.share()) {
                            bodies.read(request(new byte[150_000]), second);
                        }
                    });
            assertThat(small.taken()).isEqualTo(60_000);
        }
        assertThat(small.taken()).isZero();
    }

    @Test
    void tinyRequestsAreBoundedInNumber() {
        var small = new Budget(40_000);
        try (var one = small.share();
                var two = small.share();
                var three = small.share()) {
            bodies.read(request(new byte[1]), one);
            bodies.read(request(new byte[1]), two);
            refused(HttpStatus.TOO_MANY_REQUESTS, () -> bodies.read(request(new byte[1]), three));
        }
    }

    @Test
    void bodiesThatTrickleAreRefused() {
        var slow =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        try {
                            Thread.sleep(5);
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                        return 'x';
                    }

                    @Override
                    public int read(byte[] bytes, int from, int length) throws IOException {
                        bytes[from] = (byte) read();
                        return 1;
                    }
                };
        refused(
                HttpStatus.REQUEST_TIMEOUT,
                () -> {
                    try (var share = budget.share()) {
                        new RequestBody(LIMIT, Duration.ofMillis(100)).read(streaming(slow), share);
                    }
                });
    }

    @Test
    void bodiesThatBreakOffAreRefused() {
        var broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }
                };
        refused(HttpStatus.BAD_REQUEST, () -> read(streaming(broken)));
        assertThat(budget.taken()).isZero();
    }

    private byte[] read(MockHttpServletRequest request) {
        try (var share = budget.share()) {
            return bodies.read(request, share);
        }
    }

    private static void refused(HttpStatus status, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.status()).isEqualTo(status));
    }

    private static MockHttpServletRequest request(byte[] content) {
        var request = new MockHttpServletRequest();
        request.setContent(content);
        return request;
    }

    private static MockHttpServletRequest encoded(String encoding, byte[] content) {
        var request = request(content);
        request.addHeader("Content-Encoding", encoding);
        return request;
    }

    private static MockHttpServletRequest chunked(byte[] content) {
        return streaming(new ByteArrayInputStream(content));
    }

    private static MockHttpServletRequest streaming(InputStream content) {
        return new MockHttpServletRequest() {
            @Override
            public ServletInputStream getInputStream() {
                // Hands on what is there, as a server does, rather than wait for all.
                return new DelegatingServletInputStream(content) {
                    @Override
                    public int read(byte[] bytes, int from, int length) throws IOException {
                        return content.read(bytes, from, length);
                    }
                };
            }
        };
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteArray();
    }
}
