package io.sentinelgateway.observe;

import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.TunnelEnd;
import io.sentinelgateway.tls.HandshakeFailure;
import io.sentinelgateway.wire.Http2Abuse;
import java.util.stream.Stream;

/** What one event loop counted for one listener. Written by that loop; read by any thread. */
public final class ListenerMetrics {

  private final Counter accepted = new Counter();
  private final Counter closed = new Counter();
  private final CountsBy<Refusal> refused = new CountsBy<>(Refusal.class);
  private final Counter started = new Counter();
  private final Counter finished = new Counter();

  private final Counter handshakes = new Counter();
  private final CountsBy<HandshakeFailure> handshakeFailures =
      new CountsBy<>(HandshakeFailure.class);

  private final CountsBy<Http2Abuse> http2Abuses = new CountsBy<>(Http2Abuse.class);
  private final Counter tunnels = new Counter();
  private final CountsBy<TunnelEnd> tunnelEnds = new CountsBy<>(TunnelEnd.class);
  private final Counter tunnelBytesToOrigin = new Counter();
  private final Counter tunnelBytesToClient = new Counter();

  private final CountsBy<PassageEnd> passagesEnded = new CountsBy<>(PassageEnd.class);
  private final Counter passedToOrigin = new Counter();
  private final Counter passedToClient = new Counter();

  ListenerMetrics() {}

  /** A client connected. */
  public void connectionAccepted() {
    accepted.increment();
  }

  /** An accepted connection was closed, by whomever. */
  public void connectionClosed() {
    closed.increment();
  }

  /** A connection was closed before it could ask anything. */
  public void connectionRefused(Refusal why) {
    refused.increment(why);
  }

  /** A TLS handshake came to its end. */
  public void handshakeCompleted() {
    handshakes.increment();
  }

  /** A TLS handshake did not. */
  public void handshakeFailed(HandshakeFailure reason) {
    handshakeFailures.increment(reason);
  }

  /** An HTTP/2 connection, or a request on it, was refused before anybody saw the request. */
  public void http2Abused(Http2Abuse reason) {
    http2Abuses.increment(reason);
  }

  /** A connection became a tunnel. Every call is followed by the record of its exchange. */
  public void tunnelOpened() {
    tunnels.increment();
  }

  void tunnelEnded(ExchangeRecord record, TunnelEnd reason) {
    tunnelEnds.increment(reason);
    tunnelBytesToOrigin.add(record.requestBytes);
    tunnelBytesToClient.add(record.responseBytes);
  }

  /** Bytes of a client were passed on. */
  public void passedToOrigin(int bytes) {
    passedToOrigin.add(bytes);
  }

  /** Bytes of an origin server were passed on. */
  public void passedToClient(int bytes) {
    passedToClient.add(bytes);
  }

  void passageEnded(PassageEnd reason) {
    passagesEnded.increment(reason);
  }

  void requestStarted() {
    started.increment();
  }

  void requestFinished() {
    finished.increment();
  }

  long accepted() {
    return accepted.value();
  }

  long handshakes() {
    return handshakes.value();
  }

  long handshakeFailures(HandshakeFailure reason) {
    return handshakeFailures.value(reason);
  }

  long http2Abuses(Http2Abuse reason) {
    return http2Abuses.value(reason);
  }

  long passagesEnded(PassageEnd reason) {
    return passagesEnded.value(reason);
  }

  long passedToOrigin() {
    return passedToOrigin.value();
  }

  long passedToClient() {
    return passedToClient.value();
  }

  /** True for a listener that passes bytes on. */
  boolean passes() {
    return passedToOrigin() + passedToClient() > 0
        || Stream.of(PassageEnd.values()).anyMatch(reason -> passagesEnded(reason) > 0);
  }

  // What ended is read before what began: a difference read between two steps is never negative.

  long open() {
    long ended = closed.value();
    return Math.max(0, accepted.value() - ended);
  }

  /** Tunnels that are open. */
  long tunnels() {
    long ended = 0;
    for (TunnelEnd reason : TunnelEnd.values()) {
      ended += tunnelEnds.value(reason);
    }
    return Math.max(0, tunnels.value() - ended);
  }

  long tunnelEnds(TunnelEnd reason) {
    return tunnelEnds.value(reason);
  }

  long tunnelBytesToOrigin() {
    return tunnelBytesToOrigin.value();
  }

  long tunnelBytesToClient() {
    return tunnelBytesToClient.value();
  }

  long refused(Refusal why) {
    return refused.value(why);
  }

  long active() {
    long ended = finished.value();
    return Math.max(0, started.value() - ended);
  }
}
