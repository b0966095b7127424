package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.target.Connection;
import org.jspecify.annotations.Nullable;

/** A connection as its pool sees it. Confined to its event loop. */
sealed interface Pooled permits Http1Connection, Http2Connection {

  /** Requests that it can carry at once. */
  int streams();

  /** Further requests that it can take now. */
  int room();

  /** True when no request is under way. */
  boolean idle();

  /** True when it has carried a request before. */
  boolean reused();

  /** Takes one more request. */
  Connection lease();

  /** How old it is. */
  Wear wear();

  /** Why it cannot carry another request; {@code null} when it can. */
  @Nullable Closed worn(long nowNanos, ConnectionsConfig settings);

  /** Takes no more requests, and closes when none is under way. */
  void close(Closed reason);

  /** Closes it for the sake of its place, which is promised. */
  void giveUp();

  /** True when its place is promised. */
  boolean promised();
}
