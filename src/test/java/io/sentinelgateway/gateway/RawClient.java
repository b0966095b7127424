package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A client that sends exactly the bytes it is told to, and reads answers by their framing. */
final class RawClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 15_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer bytes that the system may keep for a client that does not read; 0: default
   */
  RawClient(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Sends what may be cut off by an answer that comes before its end. */
  void sendWhatIsTaken(byte[] bytes) {
    try {
      send(bytes);
    } catch (IOException e) {
      // The peer does not want it; what it said instead is read by the test.
      return;
    }
  }

  /** GET with Host and these field lines. */
  Answer get(String target, String... fields) throws IOException {
    return send(request("GET", target, fields)).answer();
  }

  static String request(String method, String target, String... fields) {
    StringBuilder text = new StringBuilder();
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: a.example\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** Reads one answer to anything but HEAD, or one interim answer. */
  Answer answer() throws IOException {
    return withContent(head());
  }

  /** Reads an answer up to the end of its header section. */
  Answer head() throws IOException {
    String line = line();
    return new Answer(line, fieldLines(), "", List.of());
  }

  /** Reads the content that belongs to this head. */
  Answer withContent(Answer head) throws IOException {
    int status = head.status();
    if (status < 200 || status == 204 || status == 304) {
      return head;
    }
    if (head.field("transfer-encoding").isPresent()) {
      StringBuilder body = new StringBuilder();
      for (String chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
        body.append(chunk);
      }
      return new Answer(head.line(), head.lines(), body.toString(), fieldLines());
    }
    int length = head.field("content-length").map(Integer::parseInt).orElse(-1);
    String body = length < 0 ? rest() : bytes(length);
    return new Answer(head.line(), head.lines(), body, List.of());
  }

  /** One chunk; empty for the last one, whose trailer section is not read yet. */
  String chunk() throws IOException {
    int size = Integer.parseInt(line().split(";", 2)[0], 16);
    if (size == 0) {
      return "";
    }
    String chunk = bytes(size);
    if (!line().isEmpty()) {
      throw new AssertionError("no line end behind a chunk");
    }
    return chunk;
  }

  String bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("closed after " + bytes.length + " of " + count + " bytes");
    }
    return new String(bytes, ISO_8859_1);
  }

  /** Everything up to the close. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** True when the peer closed, orderly or not, and no byte is left. */
  boolean closed() throws IOException {
    try {
      int next = in.read();
      if (next >= 0) {
        String more = new String(in.readNBytes(Math.min(in.available(), 500)), ISO_8859_1);
        throw new AssertionError("not closed, but: " + (char) next + more);
      }
      return true;
    } catch (SocketException e) {
      return true;
    }
  }

  /** What comes up to the close, orderly or not. */
  String untilBroken() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      in.transferTo(bytes);
    } catch (SocketException e) {
      return bytes.toString(ISO_8859_1);
    }
    return bytes.toString(ISO_8859_1);
  }

  /** True when nothing arrived yet that was not read. */
  boolean silent() throws IOException {
    return in.available() == 0;
  }

  private List<String> fieldLines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      lines.add(line);
    }
    return lines;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed within a line: " + line.toString(ISO_8859_1));
      }
      line.write(b);
    }
    if (in.read() != '\n') {
      throw new AssertionError("CR without LF");
    }
    return line.toString(ISO_8859_1);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Says that nothing more will be sent. */
  void closeOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Breaks the connection off. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
