package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees a client's requests before Vert.x does. Requests of other versions than HTTP/1.0 and
 * HTTP/1.1 are marked as unreadable: Vert.x would answer them by itself, with a wrong status and
 * past the access log. Trailer sections are kept, because Vert.x drops them. Confined to the
 * connection's event loop.
 *
 * <p>Behind a request that asks for another protocol nothing is decoded until it is decided: what
 * comes is that protocol's or the next request, and nobody can know which (RFC 9110 section 7.8).
 */
public final class RequestMessages extends ChannelInboundHandlerAdapter {

  /** The request under way and the next one; who sends more in advance loses trailers. */
  private static final int MOST_TRAILERS = 2;

  /** What a client may send before it knows which protocol is spoken; then it has to wait. */
  private static final int MOST_EARLY = 64 * 1024;

  private final Http1ServerConfig limits;

  /** Made for the first trailer section: most connections never see one. */
  private @Nullable IdentityHashMap<HttpHeaders, HttpHeaders> trailers;

  private @Nullable HttpHeaders current;
  private @Nullable HttpHeaders undecided;
  private @Nullable ArrayDeque<ByteBuf> early;
  private int earlyBytes;
  private @Nullable ChannelHandlerContext context;

  RequestMessages(Http1ServerConfig limits) {
    this.limits = limits;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext read, Object message) {
    if (message instanceof ByteBuf bytes) {
      keep(read, bytes);
      return;
    }
    if (message instanceof HttpRequest request) {
      judgeVersion(request);
      current = request.headers();
      if (current.contains(HttpHeaderNames.UPGRADE)) {
        undecided = current;
      }
    }
    if (message instanceof LastHttpContent last) {
      if (!last.trailingHeaders().isEmpty()) {
        keep(last.trailingHeaders());
      }
      if (undecided != null) {
        stopDecoding(read);
      }
    }
    read.fireChannelRead(message);
  }

  // Another protocol.

  /** What the decoder has read beyond the request comes out as bytes. */
  private void stopDecoding(ChannelHandlerContext read) {
    early = new ArrayDeque<>(2);
    read.pipeline().remove("httpDecoder");
  }

  private void keep(ChannelHandlerContext read, ByteBuf bytes) {
    if (early == null) {
      bytes.release();
      return;
    }
    early.addLast(bytes);
    earlyBytes += bytes.readableBytes();
    if (earlyBytes > MOST_EARLY) {
      read.channel().config().setAutoRead(false);
    }
  }

  /** True while it is open which protocol follows the request with exactly this header section. */
  public boolean undecided(Object headers) {
    return undecided != null && undecided == headers;
  }

  /** What follows is the next request of HTTP. */
  public void stay() {
    undecided = null;
    ChannelHandlerContext own = context;
    if (early != null && own != null) {
      // Not within the end of the exchange before it.
      own.executor().execute(() -> decode(own));
    }
  }

  private void decode(ChannelHandlerContext own) {
    ArrayDeque<ByteBuf> kept = early;
    early = null;
    earlyBytes = 0;
    if (kept == null || own.isRemoved()) {
      return;
    }
    StrictRequestDecoder decoder = new StrictRequestDecoder(limits);
    own.pipeline().addBefore(own.name(), "httpDecoder", decoder);
    own.channel().config().setAutoRead(true);
    give(kept, decoder, own.pipeline().context(decoder));
  }

  /** What follows, and has come already, is this handler's. */
  public void handOver(ChannelInboundHandler next) {
    ChannelHandlerContext own = context;
    ArrayDeque<ByteBuf> kept = early;
    if (own != null && kept != null) {
      early = null;
      ChannelPipeline pipeline = own.pipeline();
      pipeline.addAfter(own.name(), "tunnel", next);
      pipeline.remove(this);
      give(kept, next, pipeline.context(next));
    }
  }

  private static void give(
      ArrayDeque<ByteBuf> kept, ChannelInboundHandler to, ChannelHandlerContext at) {
    try {
      for (ByteBuf bytes = kept.poll(); bytes != null; bytes = kept.poll()) {
        to.channelRead(at, bytes);
      }
      to.channelReadComplete(at);
    } catch (Exception e) {
      at.fireExceptionCaught(e);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    handlerRemoved(inactive);
    inactive.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    if (early != null) {
      early.forEach(ByteBuf::release);
      early.clear();
    }
  }

  // Trailers and versions.

  private void keep(HttpHeaders section) {
    if (trailers == null) {
      trailers = new IdentityHashMap<>(MOST_TRAILERS);
    }
    if (trailers.size() == MOST_TRAILERS) {
      trailers.clear();
    }
    if (current != null) {
      trailers.put(current, section);
    }
  }

  /** The trailer section of the request with exactly this header section; only once. */
  @Nullable HttpHeaders take(Object headers) {
    return trailers != null && headers instanceof HttpHeaders section
        ? trailers.remove(section)
        : null;
  }

  private static void judgeVersion(HttpRequest request) {
    HttpVersion version = request.protocolVersion();
    if (request.decoderResult().isSuccess()
        && !version.equals(HttpVersion.HTTP_1_1)
        && !version.equals(HttpVersion.HTTP_1_0)) {
      request.setDecoderResult(DecoderResult.failure(failure(version)));
    }
  }

  private static RuntimeException failure(HttpVersion version) {
    return version.protocolName().equals("HTTP")
        ? new UnsupportedVersionException()
        : new IllegalArgumentException("not HTTP");
  }
}
