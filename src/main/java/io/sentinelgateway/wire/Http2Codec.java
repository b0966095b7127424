package io.sentinelgateway.wire;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.vertx.core.http.impl.http2.codec.Http2ServerConnectionImpl;
import io.vertx.core.http.impl.http2.codec.VertxHttp2ConnectionHandler;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The library's HTTP/2 codec, with limits that it leaves open: resets that a client forces, the
 * memory that its header compression may take here, and a word on why a connection failed. Confined
 * to the connection's event loop.
 */
final class Http2Codec extends VertxHttp2ConnectionHandler<Http2ServerConnectionImpl> {

  private static final long TABLE_BYTES = 4096;
  private static final int SMALL_CONTINUATIONS = 16;

  private final int mostResets;
  private final Http2Connection.PropertyKey sections;
  private @Nullable Consumer<Http2Abuse> onAbuse;
  private int forcedResets;
  private boolean failed;

  private Http2Codec(
      Function<VertxHttp2ConnectionHandler<Http2ServerConnectionImpl>, Http2ServerConnectionImpl>
          connections,
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      int mostResets) {
    super(connections, false, decoder, encoder, settings);
    this.mostResets = mostResets;
    this.sections = decoder.connection().newKey();
    decoder.frameListener(this);
  }

  static Http2Codec create(
      Http2Terms terms,
      Function<VertxHttp2ConnectionHandler<Http2ServerConnectionImpl>, Http2ServerConnectionImpl>
          connections) {
    return new Builder(terms, connections).build();
  }

  /**
   * @param action told of everything that ends the connection or refuses a request on it
   */
  void onAbuse(Consumer<Http2Abuse> action) {
    onAbuse = action;
  }

  /** Where the {@link RequestFrames.Section} of a stream is kept. */
  Http2Connection.PropertyKey sections() {
    return sections;
  }

  /** A new second begins. */
  void renew() {
    forcedResets = 0;
  }

  /** Ends the connection with ENHANCE_YOUR_CALM. */
  void flooded(ChannelHandlerContext context, Http2Abuse abuse) {
    if (failed) {
      return;
    }
    failed = true;
    tell(abuse);
    onError(
        context,
        false,
        Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many: " + abuse.code()));
  }

  /** A client may offer a table of any size (RFC 7541 section 4.2); we need not fill it. */
  void boundCompression() throws Http2Exception {
    var fields = encoder().configuration().headersConfiguration();
    if (fields.maxHeaderTableSize() > TABLE_BYTES) {
      fields.maxHeaderTableSize(TABLE_BYTES);
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception http2) {
    if (!failed) {
      failed = true;
      tell(reason(http2));
    }
    super.onConnectionError(context, outbound, cause, http2);
  }

  private static Http2Abuse reason(@Nullable Http2Exception e) {
    // The codec has one more limit of that kind: small CONTINUATION frames in one section.
    return e != null && e.error() == Http2Error.ENHANCE_YOUR_CALM
        ? Http2Abuse.CONTINUATION
        : Http2Abuse.PROTOCOL;
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext context,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException http2) {
    if (http2 instanceof Http2Exception.HeaderListSizeException) {
      tell(Http2Abuse.HEADER_LIST);
    }
    super.onStreamError(context, outbound, cause, http2);
    if (!outbound && ++forcedResets > mostResets) {
      flooded(context, Http2Abuse.FORCED_RESET);
    }
  }

  private void tell(Http2Abuse abuse) {
    if (onAbuse != null) {
      onAbuse.accept(abuse);
    }
  }

  /** Every listener that is set sees frames through {@link RequestFrames}. */
  private static final class Decoder extends DecoratingHttp2ConnectionDecoder {

    private @Nullable Http2Codec codec;

    Decoder(Http2ConnectionDecoder decoder) {
      super(decoder);
    }

    @Override
    public void frameListener(Http2FrameListener listener) {
      super.frameListener(codec == null ? listener : new RequestFrames(listener, codec));
    }
  }

  /** Leaves out the priorities that the library adds to each answer (RFC 9113 section 5.3.2). */
  private static final class Encoder extends DecoratingHttp2ConnectionEncoder {

    Encoder(Http2ConnectionEncoder encoder) {
      super(encoder);
    }

    @Override
    public ChannelFuture writeHeaders(
        ChannelHandlerContext context,
        int stream,
        Http2Headers fields,
        int dependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean last,
        ChannelPromise promise) {
      return writeHeaders(context, stream, fields, padding, last, promise);
    }
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Codec, Builder> {

    private final Http2Terms terms;
    private final Function<
            VertxHttp2ConnectionHandler<Http2ServerConnectionImpl>, Http2ServerConnectionImpl>
        connections;

    Builder(
        Http2Terms terms,
        Function<VertxHttp2ConnectionHandler<Http2ServerConnectionImpl>, Http2ServerConnectionImpl>
            connections) {
      this.terms = terms;
      this.connections = connections;
      server(true);
      gracefulShutdownTimeoutMillis(0);
      // It counts those that are worth it per second; here all would count that ever were.
      decoderEnforceMaxRstFramesPerWindow(0, 0);
      encoderEnforceMaxRstFramesPerWindow(0, 0);
      decoderEnforceMaxConsecutiveEmptyDataFrames(0);
      decoderEnforceMaxSmallContinuationFrames(SMALL_CONTINUATIONS);
      initialSettings(
          Http2Settings.defaultSettings()
              .maxConcurrentStreams(terms.maxStreams())
              .initialWindowSize(terms.window())
              .maxFrameSize(terms.maxFrameSize())
              .maxHeaderListSize(terms.headerBytes()));
    }

    @Override
    public Http2Codec build() {
      return super.build();
    }

    @Override
    protected Http2Codec build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      Decoder seen = new Decoder(decoder);
      Http2Codec codec =
          new Http2Codec(connections, seen, new Encoder(encoder), settings, terms.idleFrames());
      seen.codec = codec;
      return codec;
    }
  }
}
