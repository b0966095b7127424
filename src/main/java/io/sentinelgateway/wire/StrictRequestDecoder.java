package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;

/**
 * The library's request decoder, which refuses what it would repair: see {@link LineScan}. It looks
 * at what a step of the decoder consumed; a step that yields content consumed nothing else that
 * matters. Confined to the connection's event loop.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

  private static final String WHY = "a folded line or a control character";

  private final LineScan lines = new LineScan();
  private boolean http10;
  private boolean inContent;
  private boolean broken;

  StrictRequestDecoder(Http1ServerConfig config) {
    super(config);
  }

  /** Of two lengths in HTTP/1.0 the codec would choose one, as it does not in HTTP/1.1. */
  @Override
  protected HttpMessage createMessage(String[] requestLine) {
    HttpMessage message = super.createMessage(requestLine);
    http10 = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
    return http10 ? message.setProtocolVersion(HttpVersion.HTTP_1_1) : message;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    if (broken) {
      buffer.skipBytes(buffer.readableBytes());
      return;
    }
    int from = buffer.readerIndex();
    int before = out.size();
    super.decode(context, buffer, out);
    Object first = out.size() > before ? out.get(before) : null;
    if (first instanceof HttpContent content && content.content().isReadable()) {
      lines.startLine();
      inContent = !(first instanceof LastHttpContent);
      return;
    }
    lines.look(buffer, from, buffer.readerIndex());
    if (first instanceof HttpRequest request) {
      requestRead(request, out.size() - before > 1);
    } else if (inContent && !lines.sound()) {
      breakOff(out, before);
    } else if (first instanceof LastHttpContent) {
      inContent = false;
    }
  }

  private void requestRead(HttpRequest request, boolean whole) {
    if (http10) {
      request.setProtocolVersion(HttpVersion.HTTP_1_0);
    }
    inContent = !whole;
    if (!lines.sound()) {
      // Where it ends depends on who reads it.
      broken = true;
      if (request.decoderResult().isSuccess()) {
        request.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(WHY)));
      }
    }
  }

  /** A chunk's line or a trailer section: ends the content with a failure, whatever follows. */
  private void breakOff(List<Object> out, int before) {
    broken = true;
    while (out.size() > before) {
      out.remove(out.size() - 1);
    }
    LastHttpContent end = new DefaultLastHttpContent();
    end.setDecoderResult(DecoderResult.failure(new IllegalArgumentException(WHY)));
    out.add(end);
  }
}
