package io.sentinelgateway.passthrough;

import io.netty.channel.Channel;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.config.PassthroughConfig;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.listener.Introducers;
import io.sentinelgateway.listener.Listener;
import io.sentinelgateway.listener.ListenerAddress;
import io.sentinelgateway.listener.LoopState;
import io.sentinelgateway.observe.ListenerMetrics;
import io.sentinelgateway.observe.PassageRecord;
import io.sentinelgateway.observe.Refusal;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A listener that passes bytes on, on one event loop; client and origin server of a passage are on
 * the same one. Where a connection goes is decided by the snapshot in force when it asks, and stays
 * so. Confined to its loop.
 */
public final class PassthroughListener implements Listener {

  /** The library's own end of patience comes after ours, which counts what it cuts. */
  private static final long LIBRARY_GRACE_MILLIS = 1_000;

  private final String id;
  private final ListenerConfig config;
  private final LoopState loop;
  private final RuntimeSnapshot first;
  private final ListenerMetrics metrics;
  private final @Nullable Introducers introducers;
  private final int most;
  private final NetServer server;
  private final Set<Passage> open = new HashSet<>();
  private int cut;

  /**
   * @param first decides before there is one in force on this loop
   * @param loops number of event loops; limits are divided by it
   */
  public PassthroughListener(
      String id, ListenerConfig config, LoopState loop, RuntimeSnapshot first, int loops) {
    this.id = id;
    this.config = config;
    this.loop = loop;
    this.first = first;
    this.metrics = loop.metrics().listener(id);
    this.introducers = config.proxyProtocol().map(Introducers::new).orElse(null);
    this.most = Math.max(1, (config.limits().connections() + loops - 1) / loops);
    this.server =
        vertx()
            .createNetServer(new NetServerOptions().setTcpNoDelay(true).setTcpKeepAlive(true))
            .connectHandler(this::accepted);
  }

  private Vertx vertx() {
    return loop.loop().vertx();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public ListenerConfig config() {
    return config;
  }

  @Override
  public int port() {
    return config.address().unix() ? -1 : server.actualPort();
  }

  ListenerMetrics metrics() {
    return metrics;
  }

  @Override
  public Future<PassthroughListener> open() {
    return server.listen(ListenerAddress.of(id, config.address())).map(this);
  }

  private void accepted(NetSocket socket) {
    Client peer = peer(socket.remoteAddress());
    Channel channel = Wire.bare(socket);
    if (open.size() >= most) {
      metrics.connectionRefused(Refusal.LIMIT);
      channel.close();
    } else if (introducers != null && introducers.refuses(peer.peer())) {
      metrics.connectionRefused(Refusal.SOURCE);
      channel.close();
    } else {
      metrics.connectionAccepted();
      loop.exchangeBegan();
      Passage passage = new Passage(this, loop.loop(), channel, peer);
      open.add(passage);
      passage.begin(
          introducers != null && introducers.includes(peer.peer()),
          !settings(source()).serverNames().isEmpty(),
          config.timeouts().handshake());
    }
  }

  /** The other end of a Unix socket is this machine. */
  private static Client peer(@Nullable SocketAddress remote) {
    boolean inet = remote != null && remote.isInetSocket();
    // An address of a connected socket is a literal: nothing is looked up.
    InetAddress address =
        inet
            ? new InetSocketAddress(remote.hostAddress(), 0).getAddress()
            : InetAddress.getLoopbackAddress();
    return new Client(address, inet ? remote.port() : 0, address, false, false);
  }

  /** Where a connection goes that asks for this name now. */
  Destination destination(String name) {
    RuntimeSnapshot source = source();
    PassthroughConfig settings = settings(source);
    Optional<String> upstream = settings.upstreamFor(name);
    return new Destination(settings, upstream.map(source.upstreams()::get).orElse(null));
  }

  /** The snapshot in force, unless it has no such listener any more. */
  private RuntimeSnapshot source() {
    RuntimeSnapshot now = loop.snapshot();
    ListenerConfig wanted = now == null ? null : now.config().listeners().get(id);
    return now != null && wanted != null && wanted.tcp().isPresent() ? now : first;
  }

  private PassthroughConfig settings(RuntimeSnapshot source) {
    return source.config().listeners().get(id).tcp().orElseThrow();
  }

  void ended(Passage passage, Client client, PassageRecord record) {
    open.remove(passage);
    metrics.connectionClosed();
    loop.exchangeEnded();
    loop.recorder().passed(client, record);
  }

  /** Bytes have no words for it: clients may stay until patience is over. */
  @Override
  public void drain() {}

  @Override
  public Future<Integer> close(Duration quiet, Duration patience) {
    Promise<Integer> closed = Promise.promise();
    long millis = Math.max(1, quiet.plus(patience).toMillis());
    long cutting = vertx().setTimer(millis, timer -> cut());
    server
        .shutdown(millis + LIBRARY_GRACE_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(
            done -> {
              vertx().cancelTimer(cutting);
              closed.tryComplete(cut);
            });
    return closed.future();
  }

  @Override
  public Future<Integer> closeNow() {
    cut();
    return server.close().map(done -> cut);
  }

  private void cut() {
    cut += open.size();
    Set.copyOf(open).forEach(Passage::cut);
  }
}
