package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP/2 client that sends exactly the frames it is told to. */
final class FrameClient implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  private static final int PATIENCE_MILLIS = 15_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

  /** A frame as it came. */
  record Frame(int type, int flags, int stream, String payload, Map<String, String> fields) {

    boolean last() {
      return (flags & END_STREAM) != 0;
    }

    byte[] bytes() {
      return payload.getBytes(ISO_8859_1);
    }

    /** The code of RST_STREAM or GOAWAY. */
    int code() {
      return Unpooled.wrappedBuffer(bytes()).getInt(type == GOAWAY ? 4 : 0);
    }

    /** The last stream of a GOAWAY. */
    int lastStream() {
      return Unpooled.wrappedBuffer(bytes()).getInt(0);
    }
  }

  /** A whole answer. */
  record Reply(Map<String, String> head, String content, Map<String, String> trailers) {

    String status() {
      return head.get(":status");
    }
  }

  /** Connects, and exchanges the prefaces. */
  FrameClient(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  FrameClient(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    frame(SETTINGS, 0, 0);
  }

  FrameClient frame(int type, int flags, int stream, byte... payload) throws IOException {
    ByteBuf bytes = Unpooled.buffer(9 + payload.length);
    bytes.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
    out.write(ByteBufUtil.getBytes(bytes.writeBytes(payload)));
    return this;
  }

  static byte[] number(int value) {
    return ByteBufUtil.getBytes(Unpooled.buffer(4).writeInt(value));
  }

  /** Name and value by turns. */
  static Http2Headers fields(String... lines) {
    Http2Headers fields = new DefaultHttp2Headers(false);
    for (int i = 0; i < lines.length; i += 2) {
      fields.add(lines[i], lines[i + 1]);
    }
    return fields;
  }

  /** The pseudo-header fields of a request, then name and value by turns. */
  static Http2Headers request(String method, String path, String... lines) {
    Http2Headers fields = new DefaultHttp2Headers(false);
    fields.method(method).scheme("http").path(path).authority("a.example");
    fields.add(fields(lines));
    return fields;
  }

  byte[] block(int stream, Http2Headers fields) throws Exception {
    ByteBuf block = Unpooled.buffer();
    encoder.encodeHeaders(stream, fields, block);
    return ByteBufUtil.getBytes(block);
  }

  FrameClient headers(int stream, boolean last, Http2Headers fields) throws Exception {
    return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(stream, fields));
  }

  FrameClient data(int stream, boolean last, String content) throws IOException {
    return frame(DATA, last ? END_STREAM : 0, stream, content.getBytes(ISO_8859_1));
  }

  FrameClient get(int stream, String path, String... lines) throws Exception {
    return headers(stream, true, request("GET", path, lines));
  }

  Frame read() throws Exception {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(length);
    Map<String, String> fields = type == HEADERS ? decode(stream, payload) : Map.of();
    return new Frame(type, flags, stream, new String(payload, ISO_8859_1), fields);
  }

  /** The next frame of this type; settings and pings of the peer are answered. */
  Frame await(int type) throws Exception {
    while (true) {
      Frame frame = read();
      if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
        frame(SETTINGS, ACK, 0);
      }
      if (frame.type() == PING && (frame.flags() & ACK) == 0 && type != PING) {
        frame(PING, ACK, 0, frame.bytes());
      }
      if (frame.type() == type) {
        return frame;
      }
    }
  }

  /** The next frame of this stream. */
  Frame awaitStream(int stream) throws Exception {
    while (true) {
      Frame frame = read();
      if (frame.type() == SETTINGS && (frame.flags() & ACK) == 0) {
        frame(SETTINGS, ACK, 0);
      }
      if (frame.stream() == stream && frame.type() != WINDOW_UPDATE) {
        return frame;
      }
      if (frame.type() == GOAWAY && frame.code() != 0) {
        throw new IOException("GOAWAY " + frame.code());
      }
    }
  }

  private Map<String, String> decode(int stream, byte[] block) throws Exception {
    Map<String, String> lines = new LinkedHashMap<>();
    decoder
        .decodeHeaders(stream, Unpooled.wrappedBuffer(block))
        .forEach(
            line -> lines.merge(line.getKey().toString(), line.getValue().toString(), this::both));
    return lines;
  }

  private String both(String one, String two) {
    return one + "|" + two;
  }

  /** Reads the final answer on this stream, which must be the only one that is busy. */
  Reply reply(int stream) throws Exception {
    Frame frame = awaitStream(stream);
    Map<String, String> head = frame.fields();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Map<String, String> trailers = Map.of();
    while (!frame.last()) {
      frame = awaitStream(stream);
      if (frame.type() == DATA) {
        content.writeBytes(frame.bytes());
      } else if (frame.type() == HEADERS) {
        trailers = frame.fields();
      } else {
        throw new IOException("RST_STREAM " + frame.code() + " after " + content.size());
      }
    }
    return new Reply(head, content.toString(ISO_8859_1), trailers);
  }

  /** Reads and drops everything up to the end of the connection. */
  void awaitClose() throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (java.net.SocketException e) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
