package io.sentinelgateway.listener;

import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where requests enter, on one event loop, whose connection a server of somebody else accepted: the
 * same path as {@link RequestEntry}, without the limits that guard a connection. Confined to its
 * loop.
 */
public final class GuestEntry {

  private static final Logger LOG = LoggerFactory.getLogger(GuestEntry.class);

  /** In Proxy-Status, where no configuration is at hand that could name the gateway. */
  private static final String NAME = "sentinel";

  private final ClientConnections connections;
  private final RequestEntry entry;

  /**
   * @param id names the listener in records and route tables
   * @param config its limits of a request
   */
  public GuestEntry(String id, ListenerConfig config, LoopState loop, RuntimeSnapshot first) {
    this.connections = new ClientConnections(loop, id, config, null, 1, this::handle);
    this.entry = new RequestEntry(id, config, loop, first, connections::guest);
  }

  /** Answers a request that nobody has begun to read. */
  public void handle(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_1_1 && request.version() != HttpVersion.HTTP_1_0) {
      String why = request.version() + " (expected: HTTP/1.1; switch HTTP/2 off in the server)";
      refuse(request, Cause.VERSION_NOT_SUPPORTED, why);
    } else if (contentWasRead(request)) {
      String why = "its content was read before (expected: no BodyHandler on the way to the proxy)";
      refuse(request, Cause.INTERNAL, why);
    } else {
      entry.handle(request);
    }
  }

  private static boolean contentWasRead(HttpServerRequest request) {
    return request.bytesRead() > 0
        || (request.isEnded() && request.headers().contains(HttpHeaders.TRANSFER_ENCODING));
  }

  /**
   * Answers a request that cannot be served here, by whatever configuration; the reason is for the
   * log only.
   */
  public static void refuse(HttpServerRequest request, Cause cause, String why) {
    if (cause == Cause.INTERNAL) {
      LOG.error("a request cannot be served: {}", why);
    } else {
      LOG.debug("request refused with {}: {}", cause.status(), why);
    }
    ErrorResponder.refuse(request.response(), ProxyError.of(cause, ""), NAME);
  }

  /** From now on every answer asks its client to close the connection. */
  public void drain() {
    connections.drain();
  }
}
