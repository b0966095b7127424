package io.sentinelgateway.listener;

import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.TunnelEnd;
import io.sentinelgateway.observe.LoopMetrics;

/**
 * What an answer of 101 makes of an exchange: it goes on for as long as the tunnel is open, and
 * what bounds requests does not bound it. Confined to one event loop.
 */
final class ClientTunnel {

  private final Body.Switch change;
  private final ClientConnection connection;
  private final ExchangeRecord record;
  private final LoopMetrics metrics;
  private boolean open;
  private boolean over;
  private boolean draining;

  ClientTunnel(
      Body.Switch change, ClientConnection connection, Exchange exchange, LoopMetrics metrics) {
    this.change = change;
    this.connection = connection;
    this.record = exchange.record();
    this.metrics = metrics;
  }

  /**
   * The head of 101 is written.
   *
   * @param ended told once, when both connections are closed
   */
  void open(Runnable ended) {
    if (over) {
      return;
    }
    open = true;
    metrics.listener(record.listener).tunnelOpened();
    change.open(
        connection::handOver,
        (reason, toOrigin, toClient) -> {
          record.tunnelEnd = reason;
          record.requestBytes = toOrigin;
          record.responseBytes = toClient;
          ended.run();
        });
  }

  /** True when the connection is one of HTTP no more. */
  boolean open() {
    return open;
  }

  /** Ends it as politely as its protocol allows; true unless it was told before. */
  boolean drain() {
    boolean first = open && !draining;
    if (first) {
      draining = true;
      change.drain();
    }
    return first;
  }

  /** Ends it at once, open or not. */
  void close(TunnelEnd reason) {
    over = true;
    change.close(reason);
  }
}
