package io.sentinelgateway.listener;

import io.netty.handler.codec.http2.Http2Exception;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.nio.channels.ClosedChannelException;

/** Why an answer could not be written to its end. Pure. */
final class WriteFailure {

  private WriteFailure() {}

  static ProxyError of(Throwable t) {
    if (t instanceof ProxyException known) {
      return known.error();
    }
    // The client may be gone before anybody was told; or its connection ended by its own fault.
    boolean gone =
        t instanceof ClosedChannelException
            || t instanceof HttpClosedException
            || t instanceof StreamResetException
            || t instanceof Http2Exception;
    return gone
        ? ProxyError.of(Cause.CLIENT_GONE, "")
        : ProxyError.of(Cause.INTERNAL, "answer not written");
  }
}
