package io.sentinelgateway.listener;

import io.netty.buffer.ByteBufAllocator;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.config.ListenerConfig.Protocol;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.observe.ListenerMetrics;
import io.sentinelgateway.observe.Refusal;
import io.sentinelgateway.runtime.ListenerTls;
import io.sentinelgateway.tls.TlsConnection;
import io.sentinelgateway.wire.ConnectionGuard;
import io.sentinelgateway.wire.ConnectionGuard.Overdue;
import io.sentinelgateway.wire.Handshakes;
import io.sentinelgateway.wire.Http2Session;
import io.sentinelgateway.wire.Http2Takeover;
import io.sentinelgateway.wire.Http2Terms;
import io.sentinelgateway.wire.RequestMessages;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client connections of one listener on one event loop. Confined to it. */
final class ClientConnections {

  /** With ten sweeps a second, a hundred a second on each event loop. */
  private static final int TUNNELS_DRAINED_AT_ONCE = 10;

  private final LoopState loop;
  private final String listener;
  private final ListenerMetrics metrics;
  private final long headerNanos;
  private final long idleNanos;
  private final @Nullable ListenerTls tls;
  private final long handshakeNanos;
  private final @Nullable Introducers introducers;
  private final Http1ServerConfig codec;
  private final int most;
  private final ListenerConfig config;
  private final @Nullable Http2Terms http2;
  private final Handler<HttpServerRequest> requests;
  private final Map<HttpConnection, ClientConnection> open = new HashMap<>();
  private boolean draining;
  private boolean closingResting;

  /**
   * @param tls {@code null} for plain text
   * @param loops number of event loops, which share the connections that may be open
   * @param requests takes those that come over HTTP/2
   */
  ClientConnections(
      LoopState loop,
      String listener,
      ListenerConfig config,
      @Nullable ListenerTls tls,
      int loops,
      Handler<HttpServerRequest> requests) {
    this.loop = loop;
    this.config = config;
    this.requests = requests;
    this.http2 = config.protocols().contains(Protocol.HTTP2) ? ClientStreams.terms(config) : null;
    this.listener = listener;
    this.metrics = loop.metrics().listener(listener);
    this.headerNanos = config.timeouts().header().toNanos();
    this.idleNanos = config.timeouts().idle().toNanos();
    this.handshakeNanos = config.timeouts().handshake().toNanos();
    this.tls = tls;
    this.introducers = config.proxyProtocol().map(Introducers::new).orElse(null);
    this.codec = HttpListener.codec(config.limits());
    this.most = Math.max(1, (config.limits().connections() + loops - 1) / loops);
  }

  void accepted(HttpConnection connection) {
    if (open.size() >= most) {
      metrics.connectionRefused(Refusal.LIMIT);
      connection.close();
      return;
    }
    ConnectionGuard guard =
        new ConnectionGuard(loop.loop().nanoTime(), headerNanos, idleNanos, loop.loop().flushes());
    RequestMessages messages = Wire.guard(connection, guard, codec);
    ClientConnection client = new ClientConnection(connection, guard, messages, this);
    if (introducers != null && introducers.refuses(client.peerAddress())) {
      metrics.connectionRefused(Refusal.SOURCE);
      connection.close();
      return;
    }
    if (http2 != null) {
      boolean http1 = config.protocols().contains(Protocol.HTTP1);
      Wire.offerHttp2(connection, guard, http1, http2, new Takeover(connection, client));
    }
    if (tls != null) {
      TlsConnection secured = tls.server().accept(ByteBufAllocator.DEFAULT);
      client.securedBy(secured);
      Handshakes handshake = new CountedHandshake(loop.loop(), listener, metrics, client, secured);
      Wire.secure(connection, guard, secured.handler(), handshakeNanos, handshake);
    }
    if (introducers != null && introducers.includes(client.peerAddress())) {
      client.awaitIntroduction();
      Wire.expectProxyHeader(
          connection, guard, handshakeNanos, Introducers.introduction(client::introduced, metrics));
    }
    metrics.connectionAccepted();
    keep(connection, client);
  }

  private void keep(HttpConnection connection, ClientConnection client) {
    open.put(connection, client);
    connection.closeHandler(v -> closed(connection));
    // Without a handler the library prints what clients do to their connections.
    connection.exceptionHandler(e -> {});
  }

  /** What becomes of a connection that turns out to speak HTTP/2. */
  private final class Takeover implements Http2Takeover {

    private final HttpConnection before;
    private final ClientConnection client;

    Takeover(HttpConnection before, ClientConnection client) {
      this.before = before;
      this.client = client;
    }

    @Override
    public void http2(Http2Session session) {
      long now = loop.loop().nanoTime();
      session.onAbuse(metrics::http2Abused);
      client.multiplex(new ClientStreams(session, config, now));
      open.remove(before);
      keep(session.connection(), client);
      if (draining) {
        client.closeAfterExchange(now);
      }
    }

    @Override
    public void request(HttpServerRequest request) {
      requests.handle(request);
    }
  }

  private void closed(HttpConnection connection) {
    if (open.remove(connection) != null) {
      metrics.connectionClosed();
    }
  }

  /** {@code null} for a connection that was refused. */
  @Nullable ClientConnection of(HttpConnection connection) {
    return open.get(connection);
  }

  /**
   * A connection that another server accepted and looks after: no time limit, no count, and none of
   * its handlers is replaced. Made for one exchange.
   */
  ClientConnection guest(HttpConnection connection) {
    ConnectionGuard unused =
        new ConnectionGuard(loop.loop().nanoTime(), headerNanos, idleNanos, loop.loop().flushes());
    return new ClientConnection(connection, unused, null, this);
  }

  Timers timers() {
    return loop.loop().timers();
  }

  int size() {
    return open.size();
  }

  /** Ends what takes too long. Called some times a second. */
  void sweep() {
    long now = loop.loop().nanoTime();
    List<ClientConnection> late = null;
    for (ClientConnection connection : open.values()) {
      ClientStreams streams = connection.streams();
      boolean due = streams != null && streams.look(now);
      if (due || connection.overdue(now) != Overdue.NOTHING || leaving(connection, now)) {
        late = late == null ? new ArrayList<>() : late;
        late.add(connection);
      }
    }
    if (late != null) {
      late.forEach(connection -> end(connection, now));
    }
    if (draining) {
      drainTunnels();
    }
  }

  /** A few each time: their clients come again at once, and have to be taken by somebody. */
  private void drainTunnels() {
    int told = 0;
    for (ClientConnection connection : List.copyOf(open.values())) {
      told += told < TUNNELS_DRAINED_AT_ONCE && connection.drainTunnel() ? 1 : 0;
    }
  }

  /** A client that is just sending a request does not rest: it is answered before it is left. */
  private boolean leaving(ClientConnection connection, long now) {
    return closingResting && connection.silent(now);
  }

  private void end(ClientConnection connection, long now) {
    ServerExchange exchange = connection.exchange();
    Overdue overdue = connection.overdue(now);
    ClientStreams streams = connection.streams();
    if (streams != null) {
      streams.attend(now);
      end(connection, streams, overdue);
    } else if (exchange == null || overdue == Overdue.GONE) {
      end(connection, overdue);
    } else if (exchange.awaitsClient()) {
      exchange.abort(ProxyError.of(Cause.REQUEST_TIMEOUT, "timeouts.idle"));
    }
  }

  private void end(ClientConnection connection, ClientStreams streams, Overdue overdue) {
    if (overdue == Overdue.HEADER) {
      record(connection, ProxyError.of(Cause.REQUEST_TIMEOUT, "timeouts.header"));
    }
    if (overdue != Overdue.NOTHING) {
      streams.session().close();
    }
  }

  private void end(ClientConnection connection, Overdue overdue) {
    switch (overdue) {
      case HANDSHAKE -> {
        if (connection.introducing()) {
          metrics.connectionRefused(Refusal.PROXY_HEADER_TIMEOUT);
          connection.guard().close();
        } else {
          connection.guard().closeLateHandshake();
        }
      }
      case HEADER -> {
        ProxyError error = ProxyError.of(Cause.REQUEST_TIMEOUT, "timeouts.header");
        connection.guard().closeWith(ErrorResponder.lastWords(error, loop.gatewayName()));
        record(connection, error);
      }
      case GONE, IDLE, NOTHING -> connection.guard().close();
    }
  }

  private void record(ClientConnection connection, ProxyError error) {
    ExchangeRecord record = new ExchangeRecord();
    record.listener = listener;
    record.startedNanos = connection.headerStartedNanos();
    record.error = error;
    record.status = error.status();
    loop.recorder().started(listener);
    loop.recorder().unread(connection.peer(), record);
  }

  /** From now on every answer asks its client to close the connection. */
  void drain() {
    draining = true;
    long now = loop.loop().nanoTime();
    for (ClientConnection connection : open.values()) {
      if (connection.multiplexed()) {
        connection.closeAfterExchange(now);
      }
    }
  }

  /** From now on connections end that have been at rest for a moment. */
  void closeResting() {
    closingResting = true;
  }

  boolean draining() {
    return draining;
  }

  /** Exchanges that have begun and not ended. */
  int exchanges() {
    return open.values().stream().mapToInt(ClientConnection::exchanges).sum();
  }

  /** Closes every connection, whatever is under way on it. */
  void closeAll() {
    new ArrayList<>(open.values()).forEach(ClientConnection::closeNow);
  }
}
