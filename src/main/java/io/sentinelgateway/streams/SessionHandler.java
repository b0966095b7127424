package io.sentinelgateway.streams;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's machine for HTTP/2, told where to report. Confined to the connection's event loop.
 *
 * <p>Netty's own streams as channels would be simpler, but each costs a channel with a pipeline of
 * its own for every request.
 */
final class SessionHandler extends Http2ConnectionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

  /** What one stream may have on the way to us: it bounds what one stalled client holds. */
  private static final int STREAM_WINDOW = 256 * 1024;

  /** The connection's own window never holds a stream up: it is opened again as bytes come. */
  private static final int CONNECTION_WINDOW = 16 * 1024 * 1024;

  private static final int DEFAULT_WINDOW = 65_535;
  private static final int MAX_HEADER_LIST = 64 * 1024;

  private final OriginSession session;

  private SessionHandler(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      OriginSession session) {
    super(decoder, encoder, settings);
    this.session = session;
  }

  static SessionHandler of(OriginSession session) {
    return new Builder(session).build();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) throws Exception {
    super.handlerAdded(added);
    connection()
        .local()
        .flowController()
        .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW - DEFAULT_WINDOW);
    added.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext read, Object message) throws Exception {
    session.heard();
    super.channelRead(read, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext read) throws Exception {
    session.allRead();
    super.channelReadComplete(read);
  }

  @Override
  public void flush(ChannelHandlerContext flushed) {
    session.flushed();
    super.flush(flushed);
  }

  /** Everything that is under way ends with the connection. */
  @Override
  public void channelInactive(ChannelHandlerContext inactive) throws Exception {
    super.channelInactive(inactive);
    session.inactive();
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext failed, boolean outbound, Throwable cause, Http2Exception error) {
    session.broken(Failures.of(error == null ? cause : error));
    super.onConnectionError(failed, outbound, cause, error);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext failed, boolean outbound, Throwable cause, StreamException error) {
    OriginStream stream = session.stream(error.streamId());
    if (stream != null) {
      stream.broken(outbound ? Failures.unsendable(error) : Failures.of(error));
    } else if (error.error() == Http2Error.STREAM_CLOSED) {
      // What was on its way when we reset the stream (RFC 9113 section 5.1); it needs no answer.
      return;
    }
    super.onStreamError(failed, outbound, cause, error);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) throws Exception {
    if (cause instanceof IOException) {
      session.broken(cause);
      caught.close();
    } else if (Failures.ofProtocol(cause)) {
      super.exceptionCaught(caught, cause);
    } else {
      LOG.error("a connection to {} failed by a bug in the gateway", session, cause);
      session.broken(cause);
      caught.close();
    }
  }

  /** Puts the machine together. */
  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<SessionHandler, Builder> {

    private final OriginSession session;

    private Builder(OriginSession session) {
      this.session = session;
      DefaultHttp2Connection connection = new DefaultHttp2Connection(false);
      connection
          .local()
          .flowController(new DefaultHttp2LocalFlowController(connection, 0.5f, true));
      connection
          .remote()
          .flowController(
              new DefaultHttp2RemoteFlowController(
                  connection, new UniformStreamByteDistributor(connection), session));
      connection.addListener(session);
      connection(connection);
      frameListener(new SessionFrames(session));
      headerSensitivityDetector((name, value) -> RequestHead.secret(name));
      // Streams are ended by whoever waits for them: nothing is left to wait for.
      gracefulShutdownTimeoutMillis(0);
      initialSettings(
          new Http2Settings()
              .pushEnabled(false)
              .initialWindowSize(STREAM_WINDOW)
              .maxHeaderListSize(MAX_HEADER_LIST));
    }

    @Override
    protected SessionHandler build() {
      return super.build();
    }

    @Override
    protected SessionHandler build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new SessionHandler(decoder, encoder, settings, session);
    }
  }
}
