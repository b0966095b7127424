package io.sentinelgateway.listener;

import io.netty.channel.ChannelInboundHandler;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.ClientCertificate;
import io.sentinelgateway.exchange.TunnelEnd;
import io.sentinelgateway.http.ClientAddress;
import io.sentinelgateway.runtime.TrustedProxies;
import io.sentinelgateway.tls.TlsConnection;
import io.sentinelgateway.wire.ConnectionGuard;
import io.sentinelgateway.wire.ConnectionGuard.Overdue;
import io.sentinelgateway.wire.RequestMessages;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client's connection to a listener. Confined to its event loop. */
final class ClientConnection {

  /** Time for a request that is already on its way when its connection is about to be closed. */
  private static final long LAST_WORD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** The same for the first one: nobody connects without meaning to send one. */
  private static final long FIRST_WORD_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** Where no guard is on the wire; a close while the client still sends would reset it. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  private HttpConnection http;
  private final ConnectionGuard guard;
  private final @Nullable RequestMessages messages;
  private final ClientConnections siblings;
  private InetAddress peer;
  private int peerPort;
  private int requests;
  private boolean closing;
  private boolean introducing;
  private @Nullable ServerExchange exchange;
  private @Nullable ClientStreams streams;
  private @Nullable TlsConnection tls;
  private @Nullable Client untrusted;

  /**
   * @param messages {@code null} where it cannot change to another protocol
   */
  ClientConnection(
      HttpConnection http,
      ConnectionGuard guard,
      @Nullable RequestMessages messages,
      ClientConnections siblings) {
    this.messages = messages;
    this.siblings = siblings;
    this.http = http;
    this.guard = guard;
    SocketAddress remote = http.remoteAddress();
    InetSocketAddress address = address(remote);
    this.peer = address.getAddress();
    this.peerPort = address.getPort();
  }

  /** The other end of a Unix socket is this machine. */
  private static InetSocketAddress address(@Nullable SocketAddress remote) {
    if (remote == null || !remote.isInetSocket()) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
    // An address of a connected socket is a literal: nothing is looked up.
    return new InetSocketAddress(remote.hostAddress(), remote.port());
  }

  /** Who sends this request; the same object for all requests of an untrusted peer. */
  Client client(MultiMap fields, TrustedProxies trusted) {
    if (!trusted.test(peer)) {
      return peer();
    }
    InetAddress believed = ClientAddress.believed(peer, fields, trusted);
    Client client = new Client(peer, peerPort, believed, true, http.isSsl());
    ClientCertificate certificate = peer().certificate();
    return certificate == null ? client : client.showing(certificate);
  }

  /** Whoever holds the other end, whatever fields say. */
  Client peer() {
    if (untrusted == null) {
      Client client = new Client(peer, peerPort, peer, false, http.isSsl());
      X509Certificate shown = tls == null ? null : tls.clientCertificate();
      untrusted = shown == null ? client : client.showing(new ClientCertificate(shown));
    }
    return untrusted;
  }

  /** It turned out to speak HTTP/2. */
  void multiplex(ClientStreams opened) {
    streams = opened;
    http = opened.session().connection();
  }

  /** True when exchanges go on side by side: the end of one is not that of the connection. */
  boolean multiplexed() {
    return streams != null;
  }

  /** {@code null} unless it is multiplexed. */
  @Nullable ClientStreams streams() {
    return streams;
  }

  /** It must say first for whom it comes. */
  void awaitIntroduction() {
    introducing = true;
  }

  /** True until it has said for whom it comes. */
  boolean introducing() {
    return introducing;
  }

  /**
   * It comes for somebody else.
   *
   * @param source {@code null} when it comes for itself after all
   */
  void introduced(@Nullable InetSocketAddress source) {
    introducing = false;
    guard.prefaceComplete();
    if (source != null) {
      peer = source.getAddress();
      peerPort = source.getPort();
    }
  }

  /** The address at the other end, or the one it was introduced with. */
  InetAddress peerAddress() {
    return peer;
  }

  /** Its bytes are encrypted by this from the first one on. */
  void securedBy(TlsConnection connection) {
    tls = connection;
  }

  /** False when a client of that host has to show what this one need not have shown. */
  boolean covers(String host) {
    return tls == null || tls.covers(host);
  }

  /** Counts a request; the number of requests so far, this one included. */
  int begin(ServerExchange begun) {
    if (streams == null) {
      exchange = begun;
      guard.headerComplete();
    } else {
      streams.began(begun);
    }
    return ++requests;
  }

  /** True when it rests, and for so long that no request can be on its way. */
  boolean silent(long nowNanos) {
    return guard.resting(nowNanos, requests > 0 ? LAST_WORD_NANOS : FIRST_WORD_NANOS);
  }

  /** True when this request asks for another protocol, and what follows it waits for the answer. */
  boolean undecided(MultiMap fields) {
    return messages != null && messages.undecided(fields);
  }

  /** What follows this request is HTTP, if that was not clear. */
  void stay(MultiMap fields) {
    if (messages != null && messages.undecided(fields)) {
      messages.stay();
    }
  }

  /** What follows is this handler's. */
  void handOver(ChannelInboundHandler next) {
    if (messages != null) {
      messages.handOver(next);
    }
  }

  /** An exchange has ended. */
  void end(ServerExchange ended, IncomingContent content) {
    if (streams != null) {
      streams.ended(ended);
      return;
    }
    exchange = null;
    guard.exchangeComplete();
    if (closing) {
      if (content.complete() || guard.lingerOnClose()) {
        http.close();
      } else {
        siblings.timers().start(LINGER, http::close);
      }
    }
  }

  /** True when its listener is going away. */
  boolean draining() {
    return siblings.draining();
  }

  /** True when no further request will be answered. */
  boolean closing() {
    return closing;
  }

  /** The connection ends with the answer under way; or, if multiplexed, with those. */
  void closeAfterExchange(long now) {
    closing = true;
    if (streams != null) {
      streams.announceEnd(now);
    }
  }

  /** What is overdue at this moment. */
  Overdue overdue(long now) {
    Overdue bytes = guard.overdue(now);
    return streams == null || bytes == Overdue.GONE ? bytes : streams.overdue(now);
  }

  /** Tells a tunnel to end; false when there is none, or it has been told. */
  boolean drainTunnel() {
    ClientTunnel tunnel = exchange == null ? null : exchange.tunnel();
    return tunnel != null && tunnel.drain();
  }

  /** Closes the connection with whatever is under way on it. */
  void closeNow() {
    ClientTunnel tunnel = exchange == null ? null : exchange.tunnel();
    if (tunnel != null) {
      tunnel.close(TunnelEnd.DRAIN);
    }
    if (streams == null) {
      http.close();
    } else {
      streams.session().close();
    }
  }

  /** When the header section that is under way began. */
  long headerStartedNanos() {
    return streams == null ? guard.headerStartedNanos() : streams.sectionNanos();
  }

  /** Exchanges that have begun and not ended. */
  int exchanges() {
    return streams == null ? (exchange == null ? 0 : 1) : streams.size();
  }

  ConnectionGuard guard() {
    return guard;
  }

  /** The exchange under way; {@code null} between two. */
  @Nullable ServerExchange exchange() {
    return exchange;
  }
}
