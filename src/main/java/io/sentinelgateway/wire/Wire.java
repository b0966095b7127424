package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door to the Netty pipeline of a connection. Stateless.
 *
 * <p>The house rule says: only the public API of Vert.x and Netty. It is broken here, and only
 * here, because these things cannot be had otherwise: a limit on the time a client takes for a
 * header section (Vert.x knows only idle timeouts, which a byte now and then defeats); requests
 * that are refused where the codec would repair them; connections that Vert.x makes and we use, and
 * content that is handed on without a copy; trailer sections of requests; bytes of another protocol
 * behind a request that asks for it; HTTP/2 within bounds; what all of Netty's buffers take outside
 * of the heap; a server that stops accepting but does not drop requests which are just arriving;
 * TLS whose settings change while its port stays open; and, for a gateway inside an application,
 * contexts that do not end with the verticle that happened to bring the first request.
 */
public final class Wire {

  private Wire() {}

  /**
   * Puts the guard in front of everything else on a client's connection, and a stricter decoder of
   * requests in the place of the library's.
   *
   * @param codec limits of the decoder
   * @return what sees its requests of HTTP/1; {@code null} when another version is spoken
   */
  public static @Nullable RequestMessages guard(
      HttpConnection connection, ConnectionGuard guard, Http1ServerConfig codec) {
    ChannelPipeline pipeline = pipeline((ConnectionBase) connection);
    pipeline.addFirst("connection-guard", guard);
    if (pipeline.get("httpDecoder") == null) {
      return null;
    }
    pipeline.replace("httpDecoder", "httpDecoder", new StrictRequestDecoder(codec));
    RequestMessages messages = new RequestMessages(codec);
    pipeline.addAfter("httpDecoder", "request-messages", messages);
    return messages;
  }

  /**
   * Puts TLS between the guard, which is there already, and everything else. The library could do
   * it, but all its servers on one address share the TLS settings of the first one, so that changed
   * ones would not take effect on a port that stays open, and a client in its handshake would be
   * neither counted nor limited.
   *
   * @param tls fresh, for this connection
   * @param limitNanos for the handshake
   */
  public static void secure(
      HttpConnection connection,
      ConnectionGuard guard,
      ChannelHandler tls,
      long limitNanos,
      Handshakes handshakes) {
    ChannelPipeline pipeline = pipeline((ConnectionBase) connection);
    guard.awaitHandshake(limitNanos);
    pipeline.addAfter("connection-guard", "tls", tls);
    pipeline.addAfter("tls", "tls-boundary", new TlsBoundary(guard, handshakes));
    if (pipeline.get(ChunkedWriteHandler.class) == null) {
      // Files cannot go from disk to socket any more: they are read in pieces and encrypted.
      pipeline.addBefore("handler", "chunkedWriter", new ChunkedWriteHandler());
    }
  }

  /**
   * Lets the client of a guarded connection speak HTTP/2. Comes before {@link #secure}.
   *
   * @param http1 whether it may speak HTTP/1 as well
   * @param taken told of the session that takes the place of the connection
   */
  public static void offerHttp2(
      HttpConnection connection,
      ConnectionGuard guard,
      boolean http1,
      Http2Terms terms,
      Http2Takeover taken) {
    ChannelPipeline pipeline = pipeline((ConnectionBase) connection);
    Runnable take = () -> taken.http2(Http2Session.take(connection, guard, terms, taken::request));
    pipeline.addAfter("connection-guard", "protocol-choice", new ProtocolChoice(http1, take));
  }

  /** True when an HTTP/2 request has no content: its head was all of it. */
  public static boolean endsWithHead(HttpServerRequest request) {
    RequestFrames.Section section = Http2Session.section(request);
    return section != null && section.endsWithHead;
  }

  /**
   * Expects a PROXY header before anything else, TLS included. The guard must be there already.
   *
   * @param limitNanos for the header
   */
  public static void expectProxyHeader(
      HttpConnection connection, ConnectionGuard guard, long limitNanos, Introductions hears) {
    guard.awaitPreface(limitNanos);
    pipeline((ConnectionBase) connection).addFirst("proxy-header", new ProxyHeaderReader(hears));
  }

  /** The same on a connection that nobody guards. */
  public static void expectProxyHeader(Channel connection, Introductions hears) {
    connection.pipeline().addFirst("proxy-header", new ProxyHeaderReader(hears));
  }

  /** What was connected, without what the library would do with it. */
  public static Channel bare(NetSocket connected) {
    Channel channel = ((NetSocketInternal) connected).channelHandlerContext().channel();
    channel.pipeline().remove("handler");
    return channel;
  }

  /**
   * The trailer section of a request that has been read to its end; {@code null} when there is none
   * or the connection has no guard. Gives it once.
   */
  public static @Nullable MultiMap takeTrailers(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_2) {
      return Http2Session.trailers(request);
    }
    ConnectionBase connection = (ConnectionBase) request.connection();
    RequestMessages messages = pipeline(connection).get(RequestMessages.class);
    HttpHeaders section = messages == null ? null : messages.take(request.headers());
    if (section == null) {
      return null;
    }
    MultiMap trailers = MultiMap.caseInsensitiveMultiMap();
    section.forEach(line -> trailers.add(line.getKey(), line.getValue()));
    return trailers;
  }

  /**
   * The bytes of a buffer, without a copy; the library's own heap buffers, which need no release.
   */
  public static ByteBuf bytes(Buffer buffer) {
    return ((BufferInternal) buffer).getByteBuf();
  }

  /** Bytes as the library wants them, without a copy; they stay the caller's to release. */
  public static Buffer buffer(ByteBuf bytes) {
    return BufferInternal.buffer(bytes);
  }

  /** Bytes outside of the heap that Netty holds; -1 when it does not count them. */
  public static long directMemory() {
    return PlatformDependent.usedDirectMemory();
  }

  /** What Netty may hold outside of the heap at most, in bytes. */
  public static long maxDirectMemory() {
    return PlatformDependent.maxDirectMemory();
  }

  /** Number of event loops that serve connections. */
  public static int eventLoops(Vertx vertx) {
    int count = 0;
    for (Object each : ((VertxInternal) vertx).nettyEventLoopGroup()) {
      count += each instanceof EventLoop ? 1 : 0;
    }
    return count;
  }

  /**
   * A context of the calling event loop, or of any when it is none that calls, which belongs to no
   * deployment: its timers, servers and clients live until they are closed.
   */
  public static Context lastingContext(Vertx vertx) {
    EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    return ((VertxInternal) vertx).contextBuilder().withEventLoop(loop).build();
  }

  /** Runs the action at once in a context of the calling event loop. */
  public static <T> T within(Context context, Supplier<T> action) {
    ContextInternal inner = (ContextInternal) context;
    ContextInternal before = inner.beginDispatch();
    try {
      return action.get();
    } finally {
      inner.endDispatch(before);
    }
  }

  /**
   * Makes it the current context of this event loop, until {@link #leave}.
   *
   * @return the one before, for {@code leave}
   */
  public static @Nullable Object enter(Context context) {
    return ((ContextInternal) context).beginDispatch();
  }

  /** Ends what {@link #enter} began. */
  public static void leave(Context context, @Nullable Object before) {
    ((ContextInternal) context).endDispatch((ContextInternal) before);
  }

  /** True for the event by which the library closes connections of a server that shuts down. */
  static boolean closesAtOnce(Object event) {
    return event instanceof ShutdownEvent;
  }

  private static ChannelPipeline pipeline(ConnectionBase connection) {
    return connection.channel().pipeline();
  }
}
