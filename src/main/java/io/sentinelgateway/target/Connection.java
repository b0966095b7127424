package io.sentinelgateway.target;

import io.vertx.core.http.HttpClientConnection;

/** A connection to an origin server while one attempt owns it. Confined to its event loop. */
public interface Connection {

  HttpClientConnection http();

  /** True when it has carried a request before: its peer may have closed it meanwhile. */
  boolean reused();

  /** Gives it back for the next request, or closes it. Only the first call counts. */
  void release(boolean reusable);
}
