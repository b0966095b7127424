package io.sentinelgateway.listener;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.ListenerMetrics;
import io.sentinelgateway.tls.HandshakeFailure;
import io.sentinelgateway.tls.TlsConnection;
import io.sentinelgateway.wire.Handshakes;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one client's handshake. Counted only: who never got as far as a request has no line in
 * the access log. Confined to the connection's event loop.
 */
record CountedHandshake(
    Loop loop,
    String listener,
    ListenerMetrics metrics,
    ClientConnection connection,
    TlsConnection tls)
    implements Handshakes {

  private static final Logger LOG = LoggerFactory.getLogger(CountedHandshake.class);

  @Override
  public void completed() {
    if (tls.current(Instant.ofEpochMilli(loop.currentTimeMillis()))) {
      metrics.handshakeCompleted();
    } else {
      metrics.handshakeFailed(HandshakeFailure.CERTIFICATE_EXPIRED);
      connection.closeNow();
    }
  }

  @Override
  public void failed(Throwable cause) {
    HandshakeFailure reason = HandshakeFailure.of(cause);
    metrics.handshakeFailed(reason);
    LOG.debug("listener {}: handshake failed ({}): {}", listener, reason.code(), cause.toString());
  }
}
