package io.sentinelgateway.forward;

import io.netty.channel.ChannelInboundHandler;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.TunnelEnd;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.tunnel.Tunnel;
import io.sentinelgateway.tunnel.TunnelLimits;
import java.util.function.Consumer;

/**
 * The origin server's connection after its answer of 101, until both connections are closed.
 * Confined to one event loop.
 */
final class OriginTunnel implements Body.Switch {

  private final Attempt attempt;
  private final Tunnel tunnel;
  private boolean opened;

  OriginTunnel(Attempt attempt, Exchange exchange, Connection connection, TunnelLimits limits) {
    this.attempt = attempt;
    this.tunnel = new Tunnel(exchange.loop(), limits);
    connection.handOver(tunnel.origin());
  }

  @Override
  public void open(Consumer<ChannelInboundHandler> client, Ended ended) {
    opened = true;
    tunnel.open(
        client,
        (reason, toOrigin, toClient) -> {
          attempt.tunnelEnded();
          ended.ended(reason, toOrigin, toClient);
        });
  }

  @Override
  public void close(TunnelEnd reason) {
    tunnel.close(reason);
    if (!opened) {
      attempt.tunnelEnded();
    }
  }

  @Override
  public void drain() {
    tunnel.drain();
  }
}
