package io.sentinelgateway.listener;

import io.sentinelgateway.observe.ListenerMetrics;
import io.sentinelgateway.tls.HandshakeFailure;
import io.sentinelgateway.wire.Handshakes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS handshakes of one listener on one event loop. Counted only: who never got as far as a request
 * has no line in the access log.
 */
final class CountedHandshakes implements Handshakes {

  private static final Logger LOG = LoggerFactory.getLogger(CountedHandshakes.class);

  private final String listener;
  private final ListenerMetrics metrics;

  CountedHandshakes(String listener, ListenerMetrics metrics) {
    this.listener = listener;
    this.metrics = metrics;
  }

  @Override
  public void completed() {
    metrics.handshakeCompleted();
  }

  @Override
  public void failed(Throwable cause) {
    HandshakeFailure reason = HandshakeFailure.of(cause);
    metrics.handshakeFailed(reason);
    LOG.debug("listener {}: handshake failed ({}): {}", listener, reason.code(), cause.toString());
  }
}
