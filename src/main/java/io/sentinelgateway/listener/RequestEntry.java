package io.sentinelgateway.listener;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.listener.ServerExchange.Incoming;
import io.sentinelgateway.route.RouteTable;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.wire.UnsupportedVersionException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where every request of one listener enters on one event loop. The snapshot is read once here: the
 * whole exchange is decided by it, whatever is adopted meanwhile.
 */
final class RequestEntry {

  private final String id;
  private final ListenerConfig config;
  private final LoopState loop;
  private final Function<HttpConnection, @Nullable ClientConnection> connections;
  private final HeadReader heads;
  private RuntimeSnapshot latest;

  /**
   * @param first serves requests that come before it is in force on this loop
   * @param connections {@code null} for one that must not be served
   */
  RequestEntry(
      String id,
      ListenerConfig config,
      LoopState loop,
      RuntimeSnapshot first,
      Function<HttpConnection, @Nullable ClientConnection> connections) {
    this.id = id;
    this.latest = first;
    this.config = config;
    this.loop = loop;
    this.connections = connections;
    this.heads = new HeadReader(loop.loop(), config.limits());
  }

  void handle(HttpServerRequest request) {
    ClientConnection connection = serving(request);
    if (connection == null) {
      return;
    }
    RuntimeSnapshot snapshot = snapshot();
    ServerExchange exchange = begin(request, connection, snapshot);
    ProxyError refusal = exchange.refusal();
    if (refusal == null) {
      exchange.run(snapshot.tables().getOrDefault(id, RouteTable.EMPTY));
    } else {
      exchange.runRefused(refusal);
    }
  }

  /** The codec could not read the request; what it could read is in there. */
  void refuse(HttpServerRequest request) {
    ClientConnection connection = serving(request);
    if (connection == null) {
      return;
    }
    begin(request, connection, snapshot()).runRefused(unreadable(request));
  }

  /**
   * {@code null} when nobody will answer: the connection was refused, or an answer on it has said
   * that it is the last one. What a client sends behind a request that was refused may be that
   * request's content. Over HTTP/2 it cannot: a stream that was opened before the client heard of
   * the end is answered.
   */
  private @Nullable ClientConnection serving(HttpServerRequest request) {
    ClientConnection connection = connections.apply(request.connection());
    if (connection == null) {
      request.connection().close();
      return null;
    }
    return connection.closing() && !connection.multiplexed() ? null : connection;
  }

  /**
   * A listener opens a moment before the snapshot that wants it is in force on this loop, and its
   * last connections outlive the last snapshot that knew it.
   */
  private RuntimeSnapshot snapshot() {
    RuntimeSnapshot current = loop.snapshot();
    if (current != null
        && current.version() > latest.version()
        && current.tables().containsKey(id)) {
      latest = current;
    }
    return latest;
  }

  private ServerExchange begin(
      HttpServerRequest request, ClientConnection connection, RuntimeSnapshot snapshot) {
    long started = loop.loop().nanoTime();
    Exchange exchange = heads.read(request, connection, snapshot);
    exchange.record().startedNanos = started;
    exchange.record().listener = id;
    IncomingContent content = (IncomingContent) exchange.content();
    Incoming incoming = new Incoming(exchange, content, snapshot.config().server().name());
    return new ServerExchange(loop, config, connection, incoming);
  }

  private ProxyError unreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    if (cause instanceof TooLongHttpLineException) {
      return ProxyError.of(
          Cause.TARGET_TOO_LONG, "limits.target-bytes " + config.limits().targetBytes());
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return ProxyError.of(
          Cause.HEADER_FIELDS_TOO_LARGE, "limits.header-bytes " + config.limits().headerBytes());
    }
    if (cause instanceof UnsupportedVersionException) {
      return ProxyError.of(Cause.VERSION_NOT_SUPPORTED, "HTTP version (expected: 1.0 or 1.1)");
    }
    return ProxyError.of(Cause.MALFORMED_REQUEST, "syntax");
  }
}
