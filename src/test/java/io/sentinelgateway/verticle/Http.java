package io.sentinelgateway.verticle;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP/1.1 connection of a plain client that repeats nothing and hides nothing. */
public final class Http implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  private Http(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  public static Http open(int port) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    return new Http(socket);
  }

  /** A client on a connection that is there, over TLS for example. */
  public static Http on(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new Http(socket);
  }

  /** One request on a connection of its own. */
  public static Answer get(int port, String target) {
    return send(port, "GET", target, "localhost");
  }

  public static Answer send(int port, String method, String target, String host) {
    try (Http http = open(port)) {
      http.request(method, target, host);
      return http.answer();
    } catch (IOException e) {
      return new Answer(0, Map.of(), e.toString());
    }
  }

  public void request(String method, String target, String host) throws IOException {
    String length = method.equals("POST") ? "content-length: 0\r\n" : "";
    write(method + " " + target + " HTTP/1.1\r\nhost: " + host + "\r\n" + length + "\r\n");
  }

  public void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** An answer with the content that its Content-Length or its chunks announce. */
  public Answer answer() throws IOException {
    Answer head = head();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    if ("chunked".equals(head.field("transfer-encoding"))) {
      for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        content.writeBytes(chunk);
      }
    } else {
      int length = Integer.parseInt(head.fields().getOrDefault("content-length", "0"));
      content.writeBytes(exactly(length));
    }
    return new Answer(head.status(), head.fields(), content.toString(StandardCharsets.UTF_8));
  }

  /** Status and fields; the content is still to come. */
  public Answer head() throws IOException {
    String status = line();
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      fields.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Answer(Integer.parseInt(status.substring(9, 12)), fields, "");
  }

  /** The next chunk; empty at the end. */
  public byte[] chunk() throws IOException {
    int size = Integer.parseInt(line(), 16);
    byte[] chunk = exactly(size);
    line();
    return chunk;
  }

  /** True when the other side has closed. */
  public boolean closed() {
    try {
      return in.read() < 0;
    } catch (IOException e) {
      return true;
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("content ended after " + bytes.length + " of " + length);
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed after \"" + line + '"');
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** What came back; status 0 when nothing did. */
  public record Answer(int status, Map<String, String> fields, String content) {

    public String field(String name) {
      return fields.getOrDefault(name, "");
    }
  }
}
