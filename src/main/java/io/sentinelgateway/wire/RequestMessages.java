package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees a client's requests before Vert.x does. Requests of other versions than HTTP/1.0 and
 * HTTP/1.1 are marked as unreadable: Vert.x would answer them by itself, with a wrong status and
 * past the access log. Trailer sections are kept, because Vert.x drops them. Confined to the
 * connection's event loop.
 */
final class RequestMessages extends ChannelInboundHandlerAdapter {

  /** The request under way and the next one; who sends more in advance loses trailers. */
  private static final int MOST_TRAILERS = 2;

  /** Made for the first trailer section: most connections never see one. */
  private @Nullable IdentityHashMap<HttpHeaders, HttpHeaders> trailers;

  private @Nullable HttpHeaders current;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request) {
      judgeVersion(request);
      current = request.headers();
    }
    if (message instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
      keep(last.trailingHeaders());
    }
    context.fireChannelRead(message);
  }

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
