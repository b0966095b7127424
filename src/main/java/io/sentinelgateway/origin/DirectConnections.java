package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.sentinelgateway.config.ConnectionsConfig.ProxyProtocol;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.target.ClientAddresses;
import io.sentinelgateway.target.ConnectionPlaces;
import io.sentinelgateway.target.LoopPlaces;
import io.sentinelgateway.target.Target;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Connections that no pool keeps: each is made for one client and ends with it. They count among
 * those that the target may have. Confined to one event loop.
 */
final class DirectConnections {

  /** Nobody here stands in line for a place, or has one that could be given up. */
  private static final LoopPlaces.Notices UNASKED =
      new LoopPlaces.Notices() {
        @Override
        public void granted() {
          throw new IllegalStateException("nobody asked for a place");
        }

        @Override
        public void asked() {}
      };

  private final LoopSide side;
  private final Map<ConnectionPlaces, LoopPlaces> places = new HashMap<>();

  DirectConnections(LoopSide side) {
    this.side = side;
  }

  /** One of the two is called, once; a connection comes without any handler of ours. */
  void connect(
      Target target,
      @Nullable ClientAddresses client,
      Consumer<Channel> connected,
      Consumer<ProxyError> failed) {
    LoopPlaces ours = join(target);
    ours.limit(target.settings().connections().max());
    if (!ours.tryTake()) {
      Cause cause = ours.hopeless() ? Cause.CONNECTION_LIMIT : Cause.POOL_FULL;
      leaveUnused(target, ours);
      fail(target, ProxyError.of(cause, target.key().toString()), failed);
      return;
    }
    side.dialer()
        .dial(
            target.key().address(),
            target.settings().connections(),
            channel -> {
              if (channel.isActive()) {
                introduce(channel, target, client);
                channel.closeFuture().addListener(closed -> give(target, ours));
                connected.accept(channel);
              } else {
                // Closed before anybody could listen to it: nobody would ever be told.
                notConnected(target, ours, new ClosedChannelException(), failed);
              }
            },
            t -> notConnected(target, ours, t, failed));
  }

  private static void introduce(Channel channel, Target target, @Nullable ClientAddresses client) {
    ProxyProtocol version = target.settings().connections().proxyProtocol();
    if (version != ProxyProtocol.NONE) {
      ProxyHeader.send(ProxyHeader.of(version, client), channel);
    }
  }

  private void notConnected(
      Target target, LoopPlaces ours, Throwable t, Consumer<ProxyError> failed) {
    give(target, ours);
    fail(target, ProxyError.of(ConnectFailures.cause(t), target.key().toString()), failed);
  }

  private void fail(Target target, ProxyError error, Consumer<ProxyError> failed) {
    side.metrics().pool(target.key().upstream()).failed(error.cause());
    failed.accept(error);
  }

  /** The places of a target of this loop; they go when it has none. */
  private LoopPlaces join(Target target) {
    return places.computeIfAbsent(
        target.state().places(), all -> all.join(side.lane().home(), UNASKED));
  }

  private void give(Target target, LoopPlaces ours) {
    ours.give();
    leaveUnused(target, ours);
  }

  private void leaveUnused(Target target, LoopPlaces ours) {
    if (ours.held() == 0) {
      places.remove(target.state().places());
      ours.leave();
    }
  }
}
