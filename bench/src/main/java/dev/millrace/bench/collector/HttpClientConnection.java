package dev.millrace.bench.collector;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Posts batches over one kept connection. Speaks just the HTTP/1.1 that is needed: a full client
 * would take as much of the machine as what is measured.
 */
final class HttpClientConnection implements BatchTarget {
    private final Socket socket;
    private final InputStream in;
    private final String path;
    private final Batches load;

    HttpClientConnection(int port, String path, Batches load) throws IOException {
        this.socket = new Socket("127.0.0.1", port);
        this.socket.setTcpNoDelay(true);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.path = path;
        this.load = load;
    }

    @Override
    public void send(int batch) throws IOException {
        byte[] body = load.bodies().get(batch);
        String head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\n"
                        + "Content-Length: "
                        + body.length
                        + "\r\n\r\n";
        byte[] request = new byte[head.length() + body.length];
        System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
        System.arraycopy(body, 0, request, head.length(), body.length);
        socket.getOutputStream().write(request);
        String status = line();
        int length = -1;
        boolean chunked = false;
        String header;
        while (!(header = line()).isEmpty()) {
            String name = header.toLowerCase(Locale.ROOT);
            if (name.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).trim());
            }
            chunked |= name.startsWith("transfer-encoding: chunked");
        }
        String answer = chunked ? chunks() : text(length);
        if (!status.contains(" 202") || !answer.startsWith("{\"accepted\":" + size(batch) + ",")) {
            throw new IOException(status + ": " + answer);
        }
    }

    private int size(int batch) {
        return load.batches().get(batch).size();
    }

    private String chunks() throws IOException {
        var answer = new StringBuilder();
        int length;
        while ((length = Integer.parseInt(line(), 16)) > 0) {
            answer.append(text(length));
            line();
        }
        line();
        return answer.toString();
    }

    private String text(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new IOException("The collector closed the connection after: " + line);
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
