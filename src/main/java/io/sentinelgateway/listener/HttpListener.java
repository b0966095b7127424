package io.sentinelgateway.listener;

import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.config.ListenerConfig.LimitsConfig;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One configured listener on one event loop: the library shares the socket among the loops that
 * listen on the same address, so a listener with new settings can take its place beside the old one
 * before that one goes. Confined to its loop.
 */
public final class HttpListener implements Listener {

  private static final long SWEEP_MILLIS = 100;

  /** The library's own end of patience comes after ours, which counts what it cuts. */
  private static final long LIBRARY_GRACE_MILLIS = 1_000;

  /** Method, spaces and version beside the request target in the first line. */
  private static final int REQUEST_LINE_SLACK = 64;

  private final String id;
  private final ListenerConfig config;
  private final LoopState loop;
  private final RequestEntry entry;
  private final ClientConnections connections;
  private final HttpServer server;
  private long sweeper = -1;
  private int cut;

  /**
   * @param first serves requests that come before it is in force on this loop
   * @param loops number of event loops; limits are divided by it
   */
  public HttpListener(
      String id, ListenerConfig config, LoopState loop, RuntimeSnapshot first, int loops) {
    this.id = id;
    this.config = config;
    this.loop = loop;
    this.entry = new RequestEntry(id, config, loop, first, this::connection);
    this.connections =
        new ClientConnections(loop, id, config, first.tls().get(id), loops, entry::handle);
    this.server =
        vertx()
            .createHttpServer(options())
            .connectionHandler(connections::accepted)
            .invalidRequestHandler(entry::refuse)
            .requestHandler(entry::handle);
  }

  /** Limits of the decoder of requests. */
  static Http1ServerConfig codec(LimitsConfig limits) {
    return new Http1ServerConfig()
        .setMaxInitialLineLength((int) limits.targetBytes().bytes() + REQUEST_LINE_SLACK)
        .setMaxHeaderSize((int) limits.headerBytes().bytes())
        .setMaxChunkSize(64 * 1024);
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        .setStrictThreadMode(true)
        .setTcpNoDelay(true)
        .setHandle100ContinueAutomatically(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  private @Nullable ClientConnection connection(HttpConnection connection) {
    return connections.of(connection);
  }

  private Vertx vertx() {
    return loop.loop().vertx();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public ListenerConfig config() {
    return config;
  }

  @Override
  public int port() {
    return config.address().unix() ? -1 : server.actualPort();
  }

  /** Client connections that are open. */
  public int connections() {
    return connections.size();
  }

  @Override
  public Future<HttpListener> open() {
    return server
        .listen(ListenerAddress.of(id, config.address()))
        .map(
            bound -> {
              sweeper = vertx().setPeriodic(SWEEP_MILLIS, timer -> connections.sweep());
              return this;
            });
  }

  /** From now on every answer asks its client to close the connection. */
  @Override
  public void drain() {
    connections.drain();
  }

  /**
   * Stops accepting. Connections at rest are closed after the quiet period, others when their
   * exchange has ended, and what is left at the end of all patience is cut.
   *
   * @return the number of exchanges that were cut, once everything is closed
   */
  @Override
  public Future<Integer> close(Duration quiet, Duration patience) {
    drain();
    Promise<Integer> closed = Promise.promise();
    long millis = Math.max(1, quiet.plus(patience).toMillis());
    long resting =
        vertx().setTimer(Math.max(1, quiet.toMillis()), timer -> connections.closeResting());
    long cutting = vertx().setTimer(millis, timer -> cut());
    server
        .shutdown(millis + LIBRARY_GRACE_MILLIS, TimeUnit.MILLISECONDS)
        .onComplete(
            done -> {
              vertx().cancelTimer(resting);
              vertx().cancelTimer(cutting);
              vertx().cancelTimer(sweeper);
              closed.tryComplete(cut);
            });
    return closed.future();
  }

  @Override
  public Future<Integer> closeNow() {
    vertx().cancelTimer(sweeper);
    cut();
    return server.close().map(done -> cut);
  }

  /** Counts first: with the last connection the listener is closed. */
  private void cut() {
    cut += connections.exchanges();
    connections.closeAll();
  }
}
