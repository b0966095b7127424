package io.sentinelgateway.target;

import io.vertx.core.Future;

/** One event loop's connections to origin servers. */
public interface Connections {

  /**
   * Gives a connection to the target that nobody else uses: a pooled one, or a new one. Fails with
   * a {@code ProxyException} of POOL_FULL, POOL_TIMEOUT, or one of the CONNECT causes.
   */
  Future<Connection> acquire(Target target);
}
