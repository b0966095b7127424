package io.sentinelgateway.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin server that sends frames of HTTP/2 as a test tells it, however wrong. */
final class FrameOrigin implements AutoCloseable {

  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  private static final int MAX_FRAME = 16_384;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  /** What happens on one connection; it is closed when this returns. */
  @FunctionalInterface
  interface Script {
    void serve(Peer peer) throws Exception;
  }

  /** One frame, as it came. */
  record Frame(int type, int flags, int stream, ByteBuf payload) {
    boolean ends() {
      return (flags & END_STREAM) != 0;
    }
  }

  private final ServerSocket server;
  private final Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Frame> frames = new CopyOnWriteArrayList<>();

  private FrameOrigin(Script script) throws IOException {
    this.script = script;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
  }

  static FrameOrigin start(Script script) throws IOException {
    FrameOrigin origin = new FrameOrigin(script);
    thread(origin::accept);
    return origin;
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "frame-origin");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        open.add(socket);
        int number = connections.incrementAndGet();
        thread(() -> serve(socket, number));
      }
    } catch (IOException e) {
      // Closed: the test is over.
      return;
    }
  }

  private void serve(Socket socket, int number) {
    try (socket) {
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      script.serve(new Peer(socket, number));
    } catch (Exception e) {
      // The gateway broke the connection off, or the script did: the test judges what came.
      return;
    } finally {
      open.remove(socket);
    }
  }

  /** An upstream that consists of it. */
  String upstream(String... settings) {
    String[] all = new String[settings.length + 1];
    all[0] = "protocol: http2";
    System.arraycopy(settings, 0, all, 1, settings.length);
    return GatewayFixture.upstream("127.0.0.1:" + server.getLocalPort(), all)
        + "routes: {all: {forward: {upstream: origin}}}\n";
  }

  /** Connections accepted so far. */
  int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  int open() {
    return open.size();
  }

  /** Every frame that came, on whichever connection. */
  List<Frame> frames() {
    return frames;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** One connection of the gateway to this origin. */
  final class Peer {

    private final Socket socket;
    private final DataInputStream in;
    private final int number;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    private Peer(Socket socket, int number) throws IOException {
      this.socket = socket;
      this.number = number;
      this.in = new DataInputStream(socket.getInputStream());
    }

    /** From 1: which connection this is. */
    int number() {
      return number;
    }

    /** Takes the preface and sends SETTINGS. */
    void greet(int... settings) throws IOException {
      in.readNBytes(24);
      ByteBuf payload = Unpooled.buffer();
      for (int i = 0; i < settings.length; i += 2) {
        payload.writeShort(settings[i]).writeInt(settings[i + 1]);
      }
      send(SETTINGS, 0, 0, ByteBufUtil.getBytes(payload));
    }

    Frame frame() throws IOException {
      int length = (in.readUnsignedShort() << 8) | in.readUnsignedByte();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      Frame frame = new Frame(type, flags, stream, Unpooled.wrappedBuffer(in.readNBytes(length)));
      frames.add(frame);
      return frame;
    }

    /** Reads until a head has come; the stream it opened. */
    int request() throws IOException {
      return next(HEADERS).stream();
    }

    /** Reads until such a frame has come. */
    Frame next(int type) throws IOException {
      Frame frame = frame();
      while (frame.type() != type) {
        frame = frame();
      }
      return frame;
    }

    Http2Headers fields(Frame frame) throws Http2Exception {
      return decoder.decodeHeaders(frame.stream(), frame.payload().duplicate());
    }

    void send(int type, int flags, int stream, byte... payload) throws IOException {
      ByteBuf out = Unpooled.buffer();
      out.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
      write(ByteBufUtil.getBytes(out.writeBytes(payload)));
    }

    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** A head or trailer section: name, value, name, value … */
    void headers(int stream, boolean last, String... fields) throws Exception {
      Http2Headers headers = new DefaultHttp2Headers(false);
      for (int i = 0; i < fields.length; i += 2) {
        headers.add(fields[i], fields[i + 1]);
      }
      ByteBuf block = Unpooled.buffer();
      encoder.encodeHeaders(stream, headers, block);
      int flags = last ? END_STREAM : 0;
      int type = HEADERS;
      while (block.readableBytes() > MAX_FRAME) {
        send(type, flags, stream, ByteBufUtil.getBytes(block.readSlice(MAX_FRAME)));
        type = CONTINUATION;
        flags = 0;
      }
      send(type, flags | END_HEADERS, stream, ByteBufUtil.getBytes(block));
    }

    void data(int stream, boolean last, String content) throws IOException {
      send(DATA, last ? END_STREAM : 0, stream, content.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** 200 with this content. */
    void answer(int stream, String content) throws Exception {
      headers(stream, false, ":status", "200");
      data(stream, true, content);
    }

    void reset(int stream, int code) throws IOException {
      send(RST_STREAM, 0, stream, number(code));
    }

    void goAway(int lastStream) throws IOException {
      ByteBuf payload = Unpooled.buffer().writeInt(lastStream).writeInt(0);
      send(GOAWAY, 0, 0, ByteBufUtil.getBytes(payload));
    }

    private byte[] number(int value) {
      return ByteBufUtil.getBytes(Unpooled.buffer().writeInt(value));
    }

    /** Answers every request with this until the gateway closes. */
    void answerAll(String content) throws Exception {
      while (true) {
        answer(request(), content);
      }
    }

    /** Reads until the gateway closes. */
    void drain() throws IOException {
      while (true) {
        frame();
      }
    }
  }
}
