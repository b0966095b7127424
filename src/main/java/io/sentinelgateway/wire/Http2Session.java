package io.sentinelgateway.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.QueryParamDecoderConfig;
import io.vertx.core.http.impl.HttpServerRequestImpl;
import io.vertx.core.http.impl.http2.codec.Http2ServerConnectionImpl;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.QueryParamDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import io.vertx.core.tracing.TracingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks HTTP/2. It takes the place of one that the library has set up
 * for HTTP/1: the library itself can choose only before it says that there is a connection, which
 * would leave clients that are silent, or in their TLS handshake, without a guard. Confined to the
 * connection's event loop.
 */
public final class Http2Session {

  private static final QueryParamDecoder QUERIES =
      new QueryParamDecoder(new QueryParamDecoderConfig());

  /** Of the library's form decoder, which nobody here uses. */
  private static final int FORM_LIMIT = 1024;

  private static final Buffer PING = Buffer.buffer("sentinel");

  private final Channel channel;
  private final ConnectionGuard guard;
  private final Http2Codec codec;
  private final Http2ServerConnectionImpl connection;
  private final FrameMeter meter;
  private boolean pinged;

  private Http2Session(
      ConnectionBase before,
      ConnectionGuard guard,
      Http2Terms terms,
      Handler<HttpServerRequest> requests) {
    this.channel = before.channel();
    this.guard = guard;
    ContextInternal context = before.context();
    Http2ServerConnectionImpl[] made = new Http2ServerConnectionImpl[1];
    this.codec =
        Http2Codec.create(
            terms,
            handler -> {
              made[0] =
                  new Http2ServerConnectionImpl(
                      context, context::duplicate, handler, null, TracingPolicy.IGNORE, null, null);
              return made[0];
            });
    this.meter = new FrameMeter(terms.idleFrames(), this::flooded);
    install();
    this.connection = Objects.requireNonNull(made[0]);
    connection.setWindowSize(terms.connectionWindow());
    connection.streamHandler(
        stream ->
            new HttpServerRequestImpl(
                    requests,
                    stream,
                    stream.context(),
                    false,
                    FORM_LIMIT,
                    FORM_LIMIT,
                    FORM_LIMIT,
                    QUERIES,
                    "")
                .init());
  }

  static Http2Session take(
      HttpConnection before,
      ConnectionGuard guard,
      Http2Terms terms,
      Handler<HttpServerRequest> requests) {
    return new Http2Session((ConnectionBase) before, guard, terms, requests);
  }

  private void install() {
    ChannelPipeline pipeline = channel.pipeline();
    boolean behind = false;
    List<ChannelHandler> http1 = new ArrayList<>();
    for (var each : pipeline) {
      if (behind && !(each.getValue() instanceof VertxHandler)) {
        http1.add(each.getValue());
      }
      behind |= each.getValue() instanceof ProtocolChoice;
    }
    http1.forEach(pipeline::remove);
    pipeline.replace(VertxHandler.class, "handler", codec);
    pipeline.addBefore("handler", "frame-meter", meter);
    // From here on field sections come between other frames: the meter knows.
    guard.headerComplete();
  }

  private void flooded(Http2Abuse abuse) {
    guard.lingerOnClose();
    ChannelHandlerContext context = codecContext();
    if (context != null) {
      codec.flooded(context, abuse);
    }
  }

  private @Nullable ChannelHandlerContext codecContext() {
    return channel.pipeline().context(codec);
  }

  /** The connection as the library sees it; its requests name it. */
  public HttpConnection connection() {
    return connection;
  }

  /**
   * @param action told of everything that ends the connection or refuses a request on it before
   *     anybody sees it
   */
  public void onAbuse(Consumer<Http2Abuse> action) {
    codec.onAbuse(action);
  }

  /** A new second begins, in which as many frames may come as in any other. */
  public void renew() {
    meter.renew();
    codec.renew();
  }

  /** True while a field section is under way, or a frame whose head is not complete. */
  public boolean sectionOpen() {
    return meter.sectionOpen();
  }

  /** True when any byte came from the client since it was asked before. */
  public boolean heard() {
    return meter.heard();
  }

  /** True when since it was asked before a frame came that belongs to a request or its answer. */
  public boolean active() {
    return meter.active();
  }

  /** Streams that are open, those included whose answers wait for the client to read them. */
  public int streams() {
    return codec.connection().numActiveStreams();
  }

  /** Asks for a sign of life; that it was {@link #heard} says that it came. */
  public void ping() {
    connection.ping(PING);
  }

  /** First step of RFC 9113 section 6.8: the client shall open no more streams; those come in. */
  public void announceEnd() {
    goAway(Integer.MAX_VALUE);
    connection.ping(PING).onComplete(done -> pinged = true);
  }

  /** True when the client has surely seen what {@link #announceEnd} said. */
  public boolean endKnown() {
    return pinged;
  }

  /** Second step: streams that are open complete, no others begin; then the connection closes. */
  public void end() {
    goAway(codec.connection().remote().lastStreamCreated());
    codec.gracefulShutdownTimeoutMillis(-1);
    channel.close();
  }

  private void goAway(int last) {
    ChannelHandlerContext context = codecContext();
    if (context != null) {
      codec.goAway(
          context, last, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, context.newPromise());
      context.flush();
    }
  }

  /** Ends the connection at once, with whatever is open on it. */
  public void close() {
    codec.gracefulShutdownTimeoutMillis(0);
    channel.close();
  }

  static RequestFrames.@Nullable Section section(HttpServerRequest request) {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    Http2Codec codec = channel.pipeline().get(Http2Codec.class);
    Http2Stream stream = codec == null ? null : codec.connection().stream((int) request.streamId());
    return stream == null ? null : stream.getProperty(codec.sections());
  }

  /** The trailer section of a request that has been read to its end. */
  static @Nullable MultiMap trailers(HttpServerRequest request) {
    RequestFrames.Section section = section(request);
    if (section == null || section.trailers == null) {
      return null;
    }
    MultiMap trailers = MultiMap.caseInsensitiveMultiMap();
    section.trailers.forEach(
        line -> trailers.add(line.getKey().toString(), line.getValue().toString()));
    return trailers;
  }
}
