package io.sentinelgateway.embed;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.listener.GuestEntry;
import io.sentinelgateway.listener.LoopContext.Clocks;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyInterceptor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * The gateway as a library: handles the requests of a server that the application owns, by the
 * routes, filters and upstreams of a configuration. It is an {@link HttpProxy}, so {@code
 * ProxyHandler.create(proxy)} mounts it in a vertx-web {@code Router}.
 *
 * <p>Thread-safe. Each event loop that brings requests gets its own connections to origin servers,
 * made when its first request comes. It belongs to no verticle: whoever creates it closes it.
 * Nothing is printed or written but through SLF4J; there is no access log.
 *
 * <p>Serves HTTP/1.1 and 1.0. Requests must come on an event loop, with their content unread.
 */
public final class SentinelProxy implements HttpProxy {

  private final Vertx vertx;
  private final Context control;
  private final int loops;
  private final Clocks clocks =
      new Clocks(System::nanoTime, InstantSource.system(), SplittableRandom::new);
  private final Interceptors interceptors = new Interceptors();
  private final Versions versions;
  private final Map<Thread, EmbeddedLoop> open = new ConcurrentHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicReference<Future<?>> last = new AtomicReference<>(Future.succeededFuture());
  private volatile boolean closed;

  private SentinelProxy(Vertx vertx) {
    this.vertx = vertx;
    this.control = Wire.lastingContext(vertx);
    this.loops = Wire.eventLoops(vertx);
    this.versions = new Versions(vertx, loops, clocks, interceptors, ProductVersion.number());
  }

  /**
   * Creates a proxy. Of the configuration, {@code server}, {@code upstreams}, {@code filters},
   * {@code routes} and {@code tests} count; it needs no {@code listeners}, and those it has are not
   * opened. Routes that are for some listeners only name this one {@code embedded}.
   *
   * @param yaml text of the configuration, in the format of the gateway's file
   * @return fails with an {@link InvalidConfigException} that holds every problem
   */
  public static Future<SentinelProxy> create(Vertx vertx, String yaml) {
    return vertx
        .executeBlocking(() -> new SentinelProxy(vertx))
        .compose(proxy -> proxy.update(yaml).map(proxy));
  }

  /**
   * Puts another configuration in force, at once for all event loops: requests that have begun end
   * by the one they began with. Updates are done in the order of their calls; an equal one changes
   * nothing.
   *
   * @return succeeds when it is in force; fails with an {@link InvalidConfigException}, and then
   *     the one before stays
   */
  public Future<Void> update(String yaml) {
    return inOrder(
        () ->
            closed
                ? Future.failedFuture(new IllegalStateException("the proxy is closed"))
                : versions.apply(yaml).compose(this::adoptEverywhere));
  }

  private Future<Void> adoptEverywhere(RuntimeSnapshot snapshot) {
    return Future.join(open.values().stream().map(loop -> loop.adoptSoon(snapshot)).toList())
        .mapEmpty();
  }

  /** Runs on the control context, after all that was asked before; completes where it was asked. */
  private Future<Void> inOrder(Supplier<Future<Void>> action) {
    Context caller = vertx.getOrCreateContext();
    Promise<Void> done = Promise.promise();
    Promise<Void> told = Promise.promise();
    last.getAndSet(done.future())
        .onComplete(
            before ->
                control.runOnContext(
                    v -> Future.succeededFuture().compose(ok -> action.get()).onComplete(done)));
    done.future().onComplete(result -> caller.runOnContext(v -> told.handle(result)));
    return told.future();
  }

  @Override
  public void handle(HttpServerRequest request) {
    RuntimeSnapshot current = versions.current();
    Context context = Vertx.currentContext();
    if (context == null || !context.isEventLoopContext() || foreign(context)) {
      String why =
          Thread.currentThread().getName() + " (expected: an event loop of the proxy's Vertx)";
      GuestEntry.refuse(request, Cause.INTERNAL, why);
    } else if (closed || current == null) {
      GuestEntry.refuse(request, Cause.NOT_READY, "the proxy is closed");
    } else {
      EmbeddedLoop loop = open.get(Thread.currentThread());
      (loop == null ? open(current) : loop).handle(request, current);
    }
  }

  private boolean foreign(Context context) {
    return !context.owner().equals(control.owner());
  }

  private EmbeddedLoop open(RuntimeSnapshot current) {
    int configured = current.config().server().instances().loops(loops);
    EmbeddedLoop loop =
        EmbeddedLoop.open(vertx, opened.getAndIncrement(), configured, clocks, current);
    open.put(Thread.currentThread(), loop);
    if (closed) {
      loop.close(Duration.ZERO);
    }
    return loop;
  }

  /**
   * Not supported: the origin servers are the upstreams of the configuration.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public HttpProxy origin(OriginRequestProvider provider) {
    throw new UnsupportedOperationException(
        "origin servers are the upstreams of the configuration (expected: update(yaml))");
  }

  /**
   * Puts an interceptor in front of every route, behind those that were added before. It sees every
   * request from the next one on, whatever the request looks like.
   *
   * @param supportsWebSocketUpgrade makes no difference: an interceptor may be what protects a
   *     route, so it is never left out because a request asks for an upgrade
   */
  @Override
  public SentinelProxy addInterceptor(
      ProxyInterceptor interceptor, boolean supportsWebSocketUpgrade) {
    interceptors.add(Objects.requireNonNull(interceptor));
    return this;
  }

  @Override
  public SentinelProxy addInterceptor(ProxyInterceptor interceptor) {
    return addInterceptor(interceptor, false);
  }

  /**
   * Refuses new requests with 503, lets those under way end for the {@code server.drain-timeout},
   * and closes all connections to origin servers. Idempotent.
   */
  public Future<Void> close() {
    closed = true;
    return inOrder(
        () -> {
          RuntimeSnapshot current = versions.current();
          Duration patience =
              current == null ? Duration.ZERO : current.config().server().drainTimeout();
          List<Future<Void>> closing =
              open.values().stream().map(loop -> loop.close(patience)).toList();
          open.clear();
          return Future.join(closing).eventually(versions::close).mapEmpty();
        });
  }
}
