package io.sentinelgateway.observe;

import io.sentinelgateway.tls.HandshakeFailure;
import io.sentinelgateway.wire.Http2Abuse;

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

  // What ended is read before what began: a difference read between two steps is never negative.

  long open() {
    long ended = closed.value();
    return Math.max(0, accepted.value() - ended);
  }

  long refused(Refusal why) {
    return refused.value(why);
  }

  long active() {
    long ended = finished.value();
    return Math.max(0, started.value() - ended);
  }
}
