package io.sentinelgateway.origin;

import io.sentinelgateway.target.Connection;
import io.vertx.core.http.HttpClientConnection;

/** A connection of a pool. Confined to its event loop. */
final class PooledConnection implements Connection {

  private final TargetPool pool;
  private final HttpClientConnection http;
  private final long createdNanos;
  private boolean reused;
  private boolean leased;
  private boolean closed;
  private long restingSinceNanos;

  PooledConnection(TargetPool pool, HttpClientConnection http, long nowNanos) {
    this.pool = pool;
    this.http = http;
    this.createdNanos = nowNanos;
    this.restingSinceNanos = nowNanos;
  }

  @Override
  public HttpClientConnection http() {
    return http;
  }

  @Override
  public boolean reused() {
    return reused;
  }

  PooledConnection lease() {
    leased = true;
    return this;
  }

  @Override
  public void release(boolean reusable) {
    if (leased) {
      leased = false;
      reused = true;
      pool.released(this, reusable && !closed);
    }
  }

  void rest(long nowNanos) {
    restingSinceNanos = nowNanos;
  }

  boolean usable(long nowNanos, long maxAgeNanos) {
    return !closed && nowNanos - createdNanos < maxAgeNanos;
  }

  boolean rested(long nowNanos, long idleNanos) {
    return nowNanos - restingSinceNanos > idleNanos;
  }

  /** The peer or we closed it; true the first time. */
  boolean markClosed() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  void close() {
    http.close();
  }
}
