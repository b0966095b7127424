package io.sentinelgateway.origin;

import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The library's clients of one event loop, one for each connect timeout that was ever configured:
 * Vert.x 5.2.3 does not read {@code HttpConnectOptions.setConnectTimeout}, only the option of the
 * client, and a timer of ours could not end an attempt to connect. Confined to the loop.
 */
final class OriginClients {

  private final Vertx vertx;
  private final Context owner;
  private final Map<Duration, HttpClientAgent> clients = new HashMap<>();

  /** Clients live as long as the context of the caller, whoever needs one first. */
  OriginClients(Vertx vertx) {
    this.vertx = vertx;
    this.owner = vertx.getOrCreateContext();
  }

  /** The client whose attempts to connect take this long at most. */
  HttpClientAgent connectingWithin(Duration timeout) {
    HttpClientAgent known = clients.get(timeout);
    if (known == null) {
      known = Wire.within(owner, () -> vertx.createHttpClient(options(timeout)));
      clients.put(timeout, known);
    }
    return known;
  }

  private static HttpClientOptions options(Duration connectTimeout) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setKeepAlive(true)
            .setPipelining(false)
            .setDecompressionSupported(false)
            .setMaxInitialLineLength(8 * 1024)
            .setMaxHeaderSize(64 * 1024)
            .setMaxChunkSize(64 * 1024);
    options.setTcpNoDelay(true).setConnectTimeout((int) Math.max(1, connectTimeout.toMillis()));
    return options;
  }

  Future<Void> close() {
    List<Future<Void>> closing = clients.values().stream().map(HttpClientAgent::close).toList();
    return Future.join(closing).mapEmpty();
  }
}
