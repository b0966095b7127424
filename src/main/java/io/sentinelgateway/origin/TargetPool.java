package io.sentinelgateway.origin;

import io.sentinelgateway.config.Address;
import io.sentinelgateway.config.UpstreamConfig.ConnectionsConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one target: a stack of resting ones, and a bounded queue of
 * requests that wait. Confined to the loop.
 *
 * <p>A stack, not a queue: under falling load the same few connections stay busy and the rest age
 * out. Whoever waits is served in order, by a connection that becomes free or by one that is made,
 * whichever comes first.
 */
public final class TargetPool {

  private final TargetKey key;
  private final Loop loop;
  private final int loops;
  private final OriginClients clients;
  private final Deque<PooledConnection> resting = new ArrayDeque<>();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private @Nullable ConnectionsConfig settings;
  private int open;
  private int connecting;
  private long created;
  private long reused;
  private boolean retired;

  TargetPool(TargetKey key, Loop loop, int loops, OriginClients clients) {
    this.key = key;
    this.loop = loop;
    this.loops = loops;
    this.clients = clients;
  }

  public TargetKey key() {
    return key;
  }

  /** Connections that are open, resting or not. */
  public int open() {
    return open;
  }

  /** Connections that nobody uses. */
  public int resting() {
    return resting.size();
  }

  /** Requests that wait for a connection. */
  public int waiting() {
    return waiters.size();
  }

  /** Connections made since the pool began. */
  public long created() {
    return created;
  }

  /** Requests that went over a connection which had served before. */
  public long reused() {
    return reused;
  }

  Future<Connection> acquire(ConnectionsConfig current) {
    settings = current;
    long now = loop.nanoTime();
    long maxAge = current.maxAge().toNanos();
    PooledConnection connection = resting.pollFirst();
    while (connection != null) {
      if (connection.usable(now, maxAge)) {
        reused++;
        return Future.succeededFuture(connection.lease());
      }
      connection.close();
      connection = resting.pollFirst();
    }
    return await(current);
  }

  private Future<Connection> await(ConnectionsConfig current) {
    boolean room = open + connecting < perLoop(current.max());
    if (!room && waiters.size() - connecting >= share(current.queue())) {
      String detail = key + " queue of " + current.queue();
      return Future.failedFuture(ProxyError.of(Cause.POOL_FULL, detail).toException());
    }
    Waiter waiter = new Waiter();
    waiters.addLast(waiter);
    if (room) {
      connect(current);
    } else {
      waiter.timeout = loop.timers().start(current.queueTimeout(), () -> expire(waiter));
    }
    return waiter.promise.future();
  }

  private void expire(Waiter waiter) {
    if (waiters.remove(waiter)) {
      waiter.promise.fail(ProxyError.of(Cause.POOL_TIMEOUT, key.toString()).toException());
    }
  }

  /** At least one per loop: a loop without any could never serve. */
  private int perLoop(int total) {
    return Math.max(1, share(total));
  }

  private int share(int total) {
    return (total + loops - 1) / loops;
  }

  void warm(ConnectionsConfig current) {
    settings = current;
    int wanted = Math.min(current.warm(), perLoop(current.max()));
    while (open + connecting < wanted) {
      connect(current);
    }
  }

  private void connect(ConnectionsConfig current) {
    connecting++;
    HttpConnectOptions options =
        new HttpConnectOptions()
            .setServer(socketAddress(key.address()))
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setSsl(false);
    if (key.address().unix()) {
      options.setHost("localhost").setPort(80);
    }
    clients
        .connectingWithin(current.connectTimeout())
        .connect(options)
        .onComplete(this::connected, this::connectFailed);
  }

  private static SocketAddress socketAddress(Address address) {
    return address.unix()
        ? SocketAddress.domainSocketAddress(address.host())
        : SocketAddress.inetSocketAddress(address.port(), address.host());
  }

  private void connected(HttpClientConnection http) {
    connecting--;
    open++;
    created++;
    Wire.dropInterimResponses(http);
    PooledConnection connection = new PooledConnection(this, http, loop.nanoTime());
    http.closeHandler(v -> closed(connection));
    // Without a handler the library prints what the peer did to a resting connection.
    http.exceptionHandler(e -> {});
    offer(connection);
  }

  private void connectFailed(Throwable t) {
    connecting--;
    Waiter waiter = next();
    if (waiter != null) {
      waiter.promise.fail(ConnectFailures.error(t, key.toString()).toException(t));
    }
    replace();
  }

  private void closed(PooledConnection connection) {
    if (connection.markClosed()) {
      open--;
      resting.remove(connection);
      replace();
    }
  }

  /** A place became free: whoever waits without a connect of his own gets one. */
  private void replace() {
    ConnectionsConfig current = settings;
    if (current != null && waiters.size() > connecting) {
      connect(current);
    }
  }

  void released(PooledConnection connection, boolean reusable) {
    ConnectionsConfig current = settings;
    long now = loop.nanoTime();
    if (reusable && current != null && connection.usable(now, current.maxAge().toNanos())) {
      connection.rest(now);
      reuse(connection);
    } else {
      connection.close();
    }
  }

  /**
   * Whoever waits gets the connection in the next turn of the loop. What the origin sent behind its
   * answer, or its close, may be in the bytes that are being read now: it must not meet the next
   * request.
   */
  private void reuse(PooledConnection connection) {
    resting.addFirst(connection);
    if (!waiters.isEmpty() || retired) {
      loop.vertx().runOnContext(turn -> serveWaiting());
    }
  }

  private void serveWaiting() {
    while (!resting.isEmpty() && (retired || !waiters.isEmpty())) {
      offer(resting.pollFirst());
    }
  }

  private void offer(PooledConnection connection) {
    Waiter waiter = next();
    if (waiter != null) {
      reused += connection.reused() ? 1 : 0;
      waiter.promise.complete(connection.lease());
    } else if (retired) {
      connection.close();
    } else {
      resting.addFirst(connection);
    }
  }

  private @Nullable Waiter next() {
    Waiter waiter = waiters.pollFirst();
    if (waiter != null && waiter.timeout != null) {
      waiter.timeout.cancel();
    }
    return waiter;
  }

  void sweep(long nowNanos) {
    ConnectionsConfig current = settings;
    if (current == null) {
      return;
    }
    long idle = current.idle().toNanos();
    PooledConnection oldest = resting.peekLast();
    while (oldest != null && resting.size() > current.warm() && oldest.rested(nowNanos, idle)) {
      resting.pollLast();
      oldest.close();
      oldest = resting.peekLast();
    }
    closeAged(nowNanos, current.maxAge().toNanos());
  }

  private void closeAged(long nowNanos, long maxAgeNanos) {
    Iterator<PooledConnection> each = resting.iterator();
    while (each.hasNext()) {
      PooledConnection connection = each.next();
      if (!connection.usable(nowNanos, maxAgeNanos)) {
        each.remove();
        connection.close();
      }
    }
  }

  /** Keeps nothing any more; whoever waits is still served, by an old version's right. */
  void retire() {
    retired = true;
    while (!resting.isEmpty()) {
      resting.pollFirst().close();
    }
  }

  /** A request that waits for a connection. */
  private static final class Waiter {
    private final Promise<Connection> promise = Promise.promise();
    private Timers.@Nullable Timeout timeout;
  }
}
