package io.sentinelgateway.streams;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.sentinelgateway.target.UnprocessedException;
import java.io.IOException;

/** Says in the words of the contract why a stream or a connection broke. Stateless. */
final class Failures {

  private Failures() {}

  /** What the origin server did is malformed, unless it is a matter of size. */
  static Throwable of(Throwable cause) {
    return cause instanceof HeaderListSizeException
        ? new TooLongHttpHeaderException(cause.getMessage())
        : cause;
  }

  static boolean ofProtocol(Throwable cause) {
    return Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null;
  }

  /** The head was never sent: larger than the origin server allows, or no stream is left. */
  static Throwable unsendable(Throwable cause) {
    return new UnprocessedException(String.valueOf(cause.getMessage()));
  }

  /** The origin server has reset the stream (RFC 9113 section 7). */
  static Throwable reset(long code) {
    Http2Error error = Http2Error.valueOf(code);
    String reason = "RST_STREAM " + (error == null ? "unknown" : error.name());
    return error == Http2Error.REFUSED_STREAM
        ? new UnprocessedException(reason)
        : new IOException(reason);
  }

  static Http2Exception malformed(int stream, String reason) {
    return Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, reason);
  }
}
