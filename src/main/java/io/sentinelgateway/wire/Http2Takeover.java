package io.sentinelgateway.wire;

import io.vertx.core.http.HttpServerRequest;

/** Hears of a connection that turns out to speak HTTP/2, on its event loop. */
public interface Http2Takeover {

  /** The session takes the place of the connection that was offered; no request came yet. */
  void http2(Http2Session session);

  /** A request on it. */
  void request(HttpServerRequest request);
}
